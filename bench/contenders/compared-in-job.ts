/**
 * A program that compares two session files as the editor does: in a job. Arguments: the bundled job worker and the files.
 * Prints the counts of differences, the seconds until the answer, and the longest delay of the event loop meanwhile, in ms.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { runJob } from '../../src/engine/jobs/client.ts'
import { COMPARE_ALL } from '../../src/shared/comparison.ts'

const RESOLUTION = 10
const [script = '', a = '', b = ''] = process.argv.slice(2)
const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
delay.enable()
const started = performance.now()
const { counts } = await runJob(script, 'compare', { a, b, wish: COMPARE_ALL })
const seconds = (performance.now() - started) / 1000
delay.disable()
console.log(JSON.stringify({ counts, seconds, stall: Math.max(0, delay.max / 1e6 - RESOLUTION) }))
