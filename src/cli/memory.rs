//! How a process that goes on for long gives memory back to the system.

/// Replaces the process by the same program with a setting of the C library, so that large pieces of memory go back to the system when
/// they are freed. By default, glibc raises that threshold with the first large mail and then keeps what each thread used: after 10 MB
/// of links a listener held 167 MB, with the setting 127. The library reads the setting only when a process starts. The restart takes
/// 2 ms. Other systems need none.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use std::os::unix::process::CommandExt;
        /// In bytes. Larger than a chunk of a message in native messaging.
        const LARGE: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");
        let (name, value) = LARGE;
        if std::env::var_os(name).is_some() {
            return;
        }
        let Ok(program) = std::env::current_exe() else {
            return;
        };
        let failed = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(name, value)
            .exec();
        tracing::debug!("the program could not start itself again, and returns memory to the system late: {failed}");
    }
}
