// How long a call takes in WebAssembly: without vectors, and with them. `node wasm.mjs MODULE MODULE-WITH-SIMD128 ROWS`.
import { readFile } from "node:fs/promises";

const [plain, simd, rows] = process.argv.slice(2);
const load = async path => (await WebAssembly.instantiate(await readFile(path))).instance.exports.call;
const modules = [await load(plain), await load(simd)];

const time = (call, row, calls) => {
    const before = process.hrtime.bigint();
    call(row, calls);
    return Number(process.hrtime.bigint() - before) / calls;
};

for (let row = 0; row < rows; row++) {
    for (const call of modules) time(call, row, 2_000); // compiled to be fast by now
    const calls = Math.ceil(2e6 / Math.min(...modules.map(call => time(call, row, 200))));
    // In turns, and the best of each.
    const best = [Infinity, Infinity];
    for (let round = 0; round < 100; round++)
        modules.forEach((call, at) => { best[at] = Math.min(best[at], time(call, row, calls)); });
    console.log(best.join(" "));
}
