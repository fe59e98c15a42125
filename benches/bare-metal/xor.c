/* 2-8-4-1 answers the questions of `examples/bare-metal/src/bin/xor.rs`. */
#include "board.h"
#include "network.h"

static const float inputs[4][INPUTS] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};

int main(void) {
    int right = 0;
    const float (*x)[INPUTS] = inputs;
    /* The compiler does not see what it points to, or it could compute the answers. */
    __asm__("" : "+r"(x));
    for (int at = 0; at < 4; at++) {
        float y[OUTPUTS];
        count_begin();
        const float *log_odds = infer(x[at], y);
        IN_MEMORY(log_odds);
        count_end();
        right += (*log_odds > 0) == (at == 1 || at == 2);
    }
    number("right", right);
    finish(right == 4);
}
