/* A network's outputs for the recorded inputs, as their bits. */
#include "board.h"
#include "network.h"
#include "recorded.h"

int main(void) {
    for (unsigned at = 0; at < sizeof recorded / sizeof recorded[0]; at++) {
        float y[OUTPUTS];
        const float *logits = infer(recorded[at], y);
        for (int output = 0; output < OUTPUTS; output++) {
            union { float number; uint32_t bits; } logit = {logits[output]};
            number("logit", logit.bits);
        }
    }
    finish(1);
}
