#!/usr/bin/python3
"""Draws digits on the page and watches it learn, in a headless Chromium. Needs `cargo build --release
--lib --examples`, and Debian's chromium, chromium-driver and python3-selenium."""

import math
import sys

from test_support import HERE, OTHERS, STROKES, Page, browser, images, rows, serve

MODULE = "target/wasm32-unknown-unknown/release/web.wasm"
# Without vectors, and with them.
SAME_ANSWERS = [f"target/{folder}wasm32-unknown-unknown/release/examples/same_answer.wasm" for folder in ["", "simd128/"]]
MODULE_LIMIT = 39_700  # of which 21,032 bytes are weights
MEMORY = 131_072

# Reads an image by the functions of the module, without the page.
READ = """
    const floats = (at, length) => new Float32Array(nn.memory.buffer, at, length);
    const read = image => (floats(nn.digit_pixels(), 784).set(image), nn.digit_read());
"""

passed = failed = 0


def check(what, holds, found=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print("ok    " if holds else "FAILED", what, found)


def softmax(logits):
    powers = [math.exp(logit) for logit in logits]
    return [power / sum(powers) for power in powers]


def digits(page):
    check("nothing is read before something is drawn", page.text("answer") == "" and not any(page.ink()))
    for digit in STROKES:
        page.draw(digit, touch=digit == 3)
        read, outputs = page.text("answer"), page.bars("outputs")
        check(f"a drawn {digit} is read", read.split()[-1:] == [str(digit)], f"{outputs[digit]:.3f}")
        check("  the ten outputs are probabilities",
              len(outputs) == 10 and abs(sum(outputs) - 1) < 1e-4 and outputs.index(max(outputs)) == digit)
        drawn, seen, *found = page.ink()
        check("  the drawing and its pixels are shown", drawn > 50 and seen > 60)
        check("  each filter finds something, and at other places than most", len(found) == 8 and min(found) > 0 and len(set(found)) > 4, found)
        pixels = page.run("return Array.from(new Float32Array(nn.memory.buffer, nn.digit_pixels(), 784))")
        check("  the pixels are from 0 to 1, and as much ink as in the data set",
              min(pixels) == 0 and 0.9 < max(pixels) <= 1 and 50 < sum(pixels) < 150, f"{sum(pixels):.1f}")
        page.find("clear").click()
        check("  and cleared", not any(page.ink()) and page.text("answer") == "" and sum(page.bars("outputs")) == 0)


def exports(page):
    read = page.run("""
        const read = [];
        for (const [digit, strokes] of arguments[0])
            for (const size of [0.1, 0.2, 0.3])
                for (const slant of [-0.15, 0, 0.15, 0.3]) {
                    nn.digit_clear();
                    for (const stroke of strokes) stroke.forEach(([x, y], at) =>
                        (at ? nn.digit_pen_move : nn.digit_pen_down)(1 + size * (x + slant * (60 - y)), size * y));
                    read.push(nn.digit_read() === digit);
                }
        nn.digit_clear();
        return read;
    """, [*STROKES.items(), *OTHERS])
    check("small, slanted and in a corner nearly all are read", len(read) == 300 and sum(read) >= 297, sum(read))
    found = page.run(READ + """
        const found = arguments[0].map(([image]) => [read(image), Array.from(floats(nn.digit_probabilities(), 10))]);
        nn.digit_clear();
        return found;
    """, images())
    right = sum(digit == read for (_, digit), (read, _) in zip(images(), found))
    check("of 1,000 digits of the data set as many are read as in PyTorch", right == 972, right)
    logits = rows("../../tests/models/mnist_cnn_moved.expected.safetensors", "logits")
    worst = max(abs(p - q) for (_, got), row in zip(found, logits) for p, q in zip(got, softmax(row)))
    check("the probabilities are those of PyTorch", len(logits) == 50 and worst < 1e-4, f"{worst:.1e}")


def xor(page):
    steps = lambda: int(page.text("steps").replace(",", ""))
    learnt = lambda: page.text("verdict").startswith("Learnt")
    for start in ["first", "second"]:
        right = page.wait(learnt) and all((said > 0.5) == (answer == 1) for said, answer in page.points())
        check(f"the {start} network learns", right and float(page.text("loss")) <= 0.002, f"{steps()} steps")
        check("  and both colours are on the map", page.run("""
            const map = new Uint8Array(nn.memory.buffer, nn.xor_map(), 48 * 48);
            return Math.max(...map) > 200 && Math.min(...map) < 50;"""))
        if start == "first":
            page.find("pause").click()
            page.find("again").click()
            wrong = [said for said, answer in page.points() if (said > 0.5) != (answer == 1)]
            check("the second one knows nothing at first, and is paused", steps() == 0 and wrong)
            page.find("pause").click()


def module(page):
    size = (HERE / MODULE).stat().st_size
    check(f"the module has at most {MODULE_LIMIT} bytes", size <= MODULE_LIMIT, size)
    imports = page.driver.execute_async_script("""
        const done = arguments[1];
        fetch(arguments[0]).then(file => file.arrayBuffer()).then(WebAssembly.compile)
            .then(module => done(WebAssembly.Module.imports(module).map(each => each.name)), error => done([`${error}`]));
    """, MODULE)
    check("the module imports nothing", imports == [], imports)
    for same_answer in SAME_ANSWERS:
        others = page.driver.execute_async_script("""
            const done = arguments[1];
            WebAssembly.instantiateStreaming(fetch(arguments[0]))
                .then(({ instance }) => done(instance.exports.other_bits()), error => done(`${error}`));
        """, same_answer)
        check("training gives the bits of every machine", others == 0, others)
    return page.text("facts").startswith("They run here")


def memory(page):
    check("the memory did not grow", page.run("return nn.memory.buffer.byteLength") == MEMORY)
    check("  and can't", page.run("try { nn.memory.grow(1); return false } catch { return true }"))


def main():
    driver = browser()
    try:
        page = Page(driver, serve())
        loads = module(page)
        check("the page loads it", loads, page.text("facts"))
        for part in [digits, exports, xor, memory] if loads else []:
            part(page)
        errors = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        check("the console has no errors", not errors, errors or "")
    finally:
        driver.quit()
    print(f"{passed} passed, {failed} failed")
    return bool(failed)


sys.exit(main())
