//! How a program begins on RISC-V, as `cortex-m-rt` lets it begin on Cortex-M: static variables get their values, the stack is
//! painted, and `main` is called. There are no interrupts.

core::arch::global_asm!(
    ".section .start, \"ax\"",
    ".globl start",
    "start:",
    "la sp, _stack_start",
    // What static variables begin with.
    "la t0, data_start",
    "la t1, data_end",
    "la t2, data_in_flash",
    "1:",
    "bgeu t0, t1, 2f",
    "lw t3, 0(t2)",
    "sw t3, 0(t0)",
    "addi t0, t0, 4",
    "addi t2, t2, 4",
    "j 1b",
    // Those that begin with zero lie behind them, and then comes the stack.
    "2:",
    "la t1, _stack_end",
    "3:",
    "bgeu t0, t1, 4f",
    "sw zero, 0(t0)",
    "addi t0, t0, 4",
    "j 3b",
    "4:",
    "li t3, {PAINT}",
    "5:",
    "bgeu t0, sp, 6f",
    "sw t3, 0(t0)",
    "addi t0, t0, 4",
    "j 5b",
    "6:",
    "call main",
    PAINT = const crate::board::PAINT,
);
