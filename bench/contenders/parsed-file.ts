/** A program that parses each line of the files that its arguments name, and prints their number. */
import { parseLines } from '../harness/json-lines.ts'

let lines = 0
for (const path of process.argv.slice(2)) lines += await parseLines(path)
console.log(lines)
