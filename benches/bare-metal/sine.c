/* 1-16-16-1 answers the questions of `examples/bare-metal/src/bin/sine.rs`. */
#include "board.h"
#include "network.h"

static const float cases[3][2] = {{0.0f, 0.0f}, {1.57079633f, 1.0f}, {4.0f, -0.7568f}};

int main(void) {
    int right = 0;
    const float (*x)[2] = cases;
    /* The compiler does not see what it points to, or it could compute the answers. */
    __asm__("" : "+r"(x));
    for (int at = 0; at < 3; at++) {
        float y[OUTPUTS];
        count_begin();
        const float *found = infer(x[at], y);
        IN_MEMORY(found);
        count_end();
        const float sine = x[at][1];
        right += (*found - sine < 0.02f) & (sine - *found < 0.02f);
    }
    number("right", right);
    finish(right == 3);
}
