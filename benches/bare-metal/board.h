/* What the programs share, as `examples/bare-metal/src/lib.rs` has it for Rust. */
#pragma once
#include <stdint.h>

/* What is to be counted lies between a call of the one and a call of the other: `tests/bare-metal/count.c`. */
void count_begin(void);
void count_end(void);
/* What it points to is in memory by now: no work on it is left for after a mark. */
#define IN_MEMORY(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")

/* Write a line `name: value` for the host. */
void text(const char *name, const char *value);
void number(const char *name, uint32_t value);

/* Writes how deep the stack was, and ends the program: successfully, if it did what it is for. */
void finish(int success) __attribute__((noreturn));

int main(void);
