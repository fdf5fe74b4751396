//! The words of dates: months in all languages of mail programs, halves of the day, names of zones. They stand in
//! `data/date_words.tsv`.

use std::borrow::Cow;

/// What a word means, the word or its beginning, and which way of writing the year it goes with.
const ROWS: &[[&str; 3]] = include!(concat!(env!("OUT_DIR"), "/date_words.rs"));

/// The month that a word names. The longest beginning counts: «marraskuuta» is November, «mars» is March. `dotted` says that a dot
/// stands behind the year: Croatians write so, and call October what Poles call November.
pub(super) fn month(word: &str, dotted: bool) -> Option<i8> {
    let number = |means: &str| means.parse::<i8>().ok();
    let fits = |year: &str| year == "any" || dotted;
    ROWS.iter()
        .filter(|[_, words, year]| word.starts_with(words) && fits(year))
        .filter_map(|[means, words, year]| Some((words.len(), *year == "dotted", number(means)?)))
        .max()
        .map(|(_, _, month)| month)
        .filter(|_| word.chars().count() <= 12)
}

/// Whether a word says that the hours are those after noon.
pub(super) fn afternoon(word: &str) -> Option<bool> {
    ROWS.iter().find_map(|[means, words, _]| match *means {
        "pm" if *words == word => Some(true),
        "am" if *words == word => Some(false),
        _ => None,
    })
}

/// The offset of a zone that has a name.
pub(super) fn zone(word: &str) -> Option<&'static str> {
    let mut zones = ROWS.iter().filter(|[means, _, _]| means.starts_with(['+', '-']));
    zones.find(|[_, words, _]| *words == word).map(|[means, _, _]| *means)
}

/// «2022年9月19日月曜日 午後4:09» and «2022년 9월 19일 오후 4:09» with the marks between the numbers that all others write.
pub(super) fn without_east_asian_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(['年', '년']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut day_is_written = false;
    let mut after_mark = false;
    for c in text.chars() {
        let mark = match c {
            '年' | '년' | '月' | '월' if !day_is_written => Some('-'),
            '日' | '일' if !day_is_written => {
                day_is_written = true;
                Some(' ')
            }
            '時' | '时' | '點' | '点' | '시' => Some(':'),
            '分' | '분' | '秒' | '초' => Some(' '),
            _ => None,
        };
        // Koreans write a blank after each mark.
        if c != ' ' || !after_mark {
            out.push(mark.unwrap_or(c));
        }
        after_mark = matches!(mark, Some('-' | ':'));
    }
    for half in ["上午", "下午", "午前", "午後", "오전", "오후"] {
        out = out.replace(half, &format!(" {half} "));
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use crate::domain::table;
    use crate::mail::date::parse;

    #[test]
    fn every_row_of_the_table_is_told_from_its_example() {
        for row in table::rows("date_words") {
            let (means, example) = (row["means"].as_str(), row["example"].as_str());
            assert!(example.contains(&row["words"]), "{row:?}");
            let iso = parse(example).unwrap_or_else(|| panic!("{row:?}")).iso;
            let fits = match means {
                "am" => iso == "2018-05-14T04:09:00",
                "pm" => iso == "2018-05-14T16:09:00",
                zone if zone.starts_with(['+', '-']) => iso == format!("2018-05-14T16:09:00{zone}"),
                month => iso == format!("2018-{month:0>2}-14T16:09:00"),
            };
            assert!(fits, "{row:?}: {iso}");
        }
    }

    #[test]
    fn dates_are_read_as_programs_of_all_languages_print_them() {
        let facts = [
            ("26. října 2021 14:25:08 GMT+3", "2021-10-26T14:25:08+03:00"),
            ("26. listopada 2021. u 14:25:08 EEST", "2021-10-26T14:25:08+03:00"),
            ("wtorek, 2 listopada 2021, 09:26:50 CET", "2021-11-02T09:26:50+01:00"),
            ("úterý 2. listopadu 2021 09:26:50 SEČ", "2021-11-02T09:26:50+01:00"),
            ("2021. október 26. 14:25:08 EEST", "2021-10-26T14:25:08+03:00"),
            ("szerda, 2021. október 27. 9:31", "2021-10-27T09:31:00"),
            ("26. lokakuuta 2021 klo 14.25.08 UTC+3", "2021-10-26T14:25:08+03:00"),
            ("tiistaina 2. marraskuuta 2021 klo 9.26", "2021-11-02T09:26:00"),
            ("27 Eki 2021 Çar, 09:31", "2021-10-27T09:31:00"),
            ("26 жовтня 2021 р. о 14:25:08 GMT+3", "2021-10-26T14:25:08+03:00"),
            ("вторник, 2 ноября 2021 г., 09:26:50", "2021-11-02T09:26:50"),
            ("K, 27. oktoober 2021 kell 09:31", "2021-10-27T09:31:00"),
            ("2022年9月19日月曜日 17:55:44 -0400", "2022-09-19T17:55:44-04:00"),
            ("2022年9月19日 下午4:09", "2022-09-19T16:09:00"),
            ("2022년 9월 19일 (월) 오후 4:09", "2022-09-19T16:09:00"),
            ("2022년 9월 19일 16시 09분", "2022-09-19T16:09:00"),
            ("14. 5. 2018 16:09:05", "2018-05-14T16:09:05"),
            ("28/10/2021 12.46", "2021-10-28T12:46:00"),
            ("14/05/2018 16.09", "2018-05-14T16:09:00"),
            ("On Monday, May 14th, 2018 at 4:09 PM", "2018-05-14T16:09:00"),
            ("el lun, 14 may 2018 a las 4:09 p. m.", "2018-05-14T16:09:00"),
            ("1er mai 2018 à 16:09", "2018-05-01T16:09:00"),
            ("14/05/2018 16:09 (GMT+01:00)", "2018-05-14T16:09:00+01:00"),
            ("torsdag, 28. oktober 2021 kl. 12:46", "2021-10-28T12:46:00"),
        ];
        for (text, iso) in facts {
            assert_eq!(parse(text).map(|date| date.iso).as_deref(), Some(iso), "{text}");
        }
    }
}
