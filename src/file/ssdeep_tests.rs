use super::*;

/// Pseudo-random bytes, the same on every machine.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 7_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(len).collect()
}

#[test]
fn hashes_equal_those_of_another_implementation() {
    // From ppdeep 20260221, which also agreed on 350 more files of 1 byte to 200 kB.
    let facts = [
        (1, "3:Y:Y"),
        (2, "3:h:h"),
        (8, "3:v2:+"),
        (95, "3:vvtuZTABILY46OYmqzm7PYkPxcn:g2BGY467p+PYGan"),
        (
            192,
            "3:vvtuZTABILY46OYmqzm7PYkPxcQVjVxap18ak4IKIquI9tA783d8jFp:g2BGY467p+PYGaQfxakaxnuAR3dw",
        ),
        (
            193,
            "3:vvtuZTABILY46OYmqzm7PYkPxcQVjVxap18ak4IKIquI9tA783d8jFk:g2BGY467p+PYGaQfxakaxnuAR3d/",
        ),
        (385, "12:g2Bp3INaxnu43dgLp/9PnsF9eNxRNwDphy:g2BONa1u6k1fsvaRNwDTy"),
        (1537, "48:hR1uN1kvWNw6cqi7toZREN4+ArbKZCciD89qtz:hWeW6Nqi7t6RExA30qaAz"),
        (
            6145,
            "192:UevNqi7MJ3BQQSiY1KbNLwWwdVpYMBlbyAR5SdIU1Pz:UeVqMe3BljF4PpYMJSdj",
        ),
        (
            20000,
            "384:UeVqMe3BljF4PpYMJSd4kpOxVEOOq73OYkmrE59TiRVeL8MtcyU3:5leRljqD84ksGOOq73BY5URw8n",
        ),
        (
            100_001,
            "1536:5lIqDcsGU3GSw8Gn2ePa5IZy3UDVZ+9/NRJ9LayhZwFJaH1AsktI97m0PI:5laeGSw8CfaEy3h9/fWyhZPHVm0PI",
        ),
    ];
    for (len, expected) in facts {
        assert_eq!(hash(&noise(len)), expected, "{len} bytes");
    }
}

#[test]
fn bytes_that_repeat_are_hashed_alike() {
    assert_eq!(hash(&[0; 5000]), "3::");
    assert_eq!(
        hash("hello world ".repeat(500).as_bytes()),
        "6:rJPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHPHP9:n"
    );
    assert_eq!(
        hash(&[noise(1000), vec![0; 9000]].concat()),
        "24:g2BONa1u6k1fsvaRNwDTiQyXcq1kPLI2toZTH1TcdNbc+A:hR1uN1kvWNw6cqi7toZREN4+A"
    );
}
