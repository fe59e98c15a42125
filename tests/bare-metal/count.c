/* A plugin of qemu (its API, version 1): how many instructions a program executes from each call of `count_begin` to the
 * next of `count_end`, a number a line; of a program without them, all that it executes.
 *
 *     gcc -O2 -shared -fPIC -o count.so count.c
 *     qemu-system-arm -plugin ./count.so,out=FILE …
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of qemu's header, which distributions do not package. */
typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { NO_REGISTERS = 0, ADD_U64 = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int, void *, uint64_t);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);

int qemu_plugin_version = 1;

static FILE *out;
static uint64_t executed, began;

/* The address of a function is that of the first instruction of it which is translated. */
struct mark { const char *name; uint64_t address; };
static struct mark begin = { "count_begin", 0 }, end = { "count_end", 0 };

static void on_begin(unsigned cpu, void *data) { began = executed; }
static void on_end(unsigned cpu, void *data) { fprintf(out, "%" PRIu64 "\n", executed - began); }

static int is_at(struct mark *mark, const char *symbol, uint64_t address) {
    if (!symbol || strcmp(symbol, mark->name)) return 0;
    if (!mark->address) mark->address = address;
    return mark->address == address;
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
    for (size_t at = 0; at < qemu_plugin_tb_n_insns(block); at++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, at);
        const char *symbol = qemu_plugin_insn_symbol(instruction);
        uint64_t address = qemu_plugin_insn_vaddr(instruction);
        if (is_at(&begin, symbol, address))
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_begin, NO_REGISTERS, NULL);
        if (is_at(&end, symbol, address))
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_end, NO_REGISTERS, NULL);
        qemu_plugin_register_vcpu_insn_exec_inline(instruction, ADD_U64, &executed, 1);
    }
}

static void finished(plugin_id id, void *data) {
    if (!begin.address) fprintf(out, "%" PRIu64 "\n", executed);
    fflush(out);
}

int qemu_plugin_install(plugin_id id, const void *machine, int count, char **arguments) {
    for (int at = 0; at < count; at++)
        if (!strncmp(arguments[at], "out=", 4)) out = fopen(arguments[at] + 4, "w");
    if (!out) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finished, NULL);
    return 0;
}
