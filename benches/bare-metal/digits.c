/* 64-32-10 reads the held-out digits from flash, as `examples/bare-metal/src/bin/digits.rs` does. */
#include "board.h"
#include "network.h"

enum { TEST = 359 };
static char classes[TEST + 1];

/* An image is 64 pixels from 0 to 16 and the digit. */
__asm__(".section .rodata.images\n images: .incbin \"digits.u8\"\n .previous");
extern const uint8_t images[1797][65];

int main(void) {
    int right = 0;
    for (int at = 0; at < TEST; at++) {
        const uint8_t *image = images[at * 5 + 4];
        float x[INPUTS], y[OUTPUTS];
        for (int pixel = 0; pixel < INPUTS; pixel++) x[pixel] = (float)image[pixel] / 16.0f;
        IN_MEMORY(x);
        count_begin();
        const float *logits = infer(x, y);
        IN_MEMORY(logits);
        count_end();
        int found = 0;
        for (int class = 1; class < OUTPUTS; class++)
            if (logits[class] > logits[found]) found = class;
        classes[at] = (char)('0' + found);
        right += found == image[64];
    }
    text("classes", classes);
    number("right", right);
    number("of", TEST);
    finish(right == 348);
}
