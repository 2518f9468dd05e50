/** A program that parses each line of the file that its argument names, and prints their number. */
import { parseLines } from '../harness/json-lines.ts'

console.log(await parseLines(process.argv[2] ?? ''))
