/* Start, stack, semihosting and the marks, in place of a vendor's files. */
#include "board.h"

/* By `board.ld`. */
extern uint32_t _data_start[], _data_end[], _data_from[], _bss_start[], _bss_end[], _stack_start[];
enum { PAINT = 0xcccccccc };

/* No `memset` and `memcpy` made of these loops: the stack that they would stand on is painted. */
__attribute__((used, noreturn, optimize("no-tree-loop-distribute-patterns"))) void reset(void) {
#ifdef __ARM_FP
    *(volatile uint32_t *)0xe000ed88 = 0xf << 20; /* CPACR: the FPU is on. */
    __asm__ volatile("dsb\n isb");
#endif
    uint32_t *top;
    __asm__ volatile("mov %0, sp" : "=r"(top));
    for (uint32_t *at = _bss_end; at < top; at++) *(volatile uint32_t *)at = PAINT;
    for (uint32_t *at = _bss_start; at < _bss_end; at++) *at = 0;
    for (uint32_t *at = _data_start, *from = _data_from; at < _data_end;) *at++ = *from++;
    main();
    for (;;) {}
}

static void fault(void) {
    finish(0);
}

/* As many as `cortex-m-rt` has: the stack, 15 exceptions of the core; no interrupts are used. */
__attribute__((section(".vector_table"), used)) static const void *const vectors[16] = {
    _stack_start, reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault,
};

static void host(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void text(const char *name, const char *value) {
    const char *parts[] = {name, ": ", value, "\n"};
    for (int part = 0; part < 4; part++) host(0x04 /* SYS_WRITE0 */, parts[part]);
}

void number(const char *name, uint32_t value) {
    char digits[11], *first = digits + 10;
    *first = 0;
    do {
        *--first = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    text(name, first);
}

void finish(int success) {
    const uint32_t *at = _bss_end;
    while (at < _stack_start && *(const volatile uint32_t *)at == PAINT) at++;
    number("stack", (uint32_t)((const char *)_stack_start - (const char *)at));
    /* SYS_EXIT: ADP_Stopped_ApplicationExit, or RunTimeErrorUnknown. */
    host(0x18, (const void *)(success ? 0x20026 : 0x20023));
    for (;;) {}
}

/* The two differ, or they would be one function. */
__attribute__((noipa)) void count_begin(void) {
    __asm__ volatile("nop" ::: "memory");
}

__attribute__((noipa)) void count_end(void) {
    __asm__ volatile("nop\n nop" ::: "memory");
}
