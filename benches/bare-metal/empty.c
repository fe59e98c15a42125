/* No network: what the other programs hold besides theirs. */
#include "board.h"

int main(void) {
    count_begin();
    count_end();
    number("promised", 0);
    finish(1);
}
