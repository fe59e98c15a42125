//! Tells the kernels whether a program is to be fast or small, for which `opt-level = "s"` or `"z"` asks, and what kind of
//! microcontroller it is for, which no `cfg` of the compiler does.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(nn_fast, nn_vfp, nn_soft, nn_unpacked)");
    let (level, target) = (var("OPT_LEVEL").unwrap_or_default(), var("TARGET").unwrap_or_default());
    let fast = level != "s" && level != "z";
    if fast {
        println!("cargo::rustc-cfg=nn_fast");
    }

    let (processor, system) = target.split_once('-').unwrap_or_default();
    let thumb2 = processor.starts_with("thumbv7") || processor.starts_with("thumbv8m.main");
    let riscv = processor.strip_prefix("riscv32").unwrap_or_default();
    // Without a floating-point unit, but one that multiplies. Small programs are smaller with the two functions.
    let soft_riscv = fast && riscv.contains('m') && !riscv.contains('f');
    if thumb2 && system.ends_with("none-eabihf") {
        println!("cargo::rustc-cfg=nn_vfp");
    } else if soft_riscv || var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "arm") && system.ends_with("eabi") {
        println!("cargo::rustc-cfg=nn_soft");
        if fast && (thumb2 || soft_riscv) {
            println!("cargo::rustc-cfg=nn_unpacked");
        }
    }
}
