//! Tells the kernels whether a program is to be fast or small, for which `opt-level = "s"` or `"z"` asks, and for which kind of
//! microcontroller a fast one is, which no `cfg` of the compiler does.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(nn_fast)");
    println!(r#"cargo::rustc-check-cfg=cfg(nn_thumb, values("fpu", "soft"))"#);
    let (level, target) = (var("OPT_LEVEL").unwrap_or_default(), var("TARGET").unwrap_or_default());
    if level == "s" || level == "z" {
        return;
    }
    println!("cargo::rustc-cfg=nn_fast");
    // Cores with Thumb-2, with a floating-point unit and without.
    if target.starts_with("thumbv7") || target.starts_with("thumbv8m.main") {
        if target.ends_with("-none-eabihf") {
            println!(r#"cargo::rustc-cfg=nn_thumb="fpu""#);
        } else if target.ends_with("-none-eabi") {
            println!(r#"cargo::rustc-cfg=nn_thumb="soft""#);
        }
    }
}
