/** A process that captures forever and prints how many events it has flushed. Tests kill it. */
import { Capture } from '../../src/capture/capture.ts'
import { randomEvent } from './random-events.ts'
import { seededRandom } from './splits.ts'

const [directory = '', seed = '1'] = process.argv.slice(2)
const capture = new Capture({ directory, clock: { startedAt: new Date(0) } })
const random = seededRandom(Number(seed))
let time = 0
let flushed = -1

function run(): void {
  for (let i = 0; i < 200; i++) capture.append(randomEvent(random, ++time))
  if (capture.count - flushed > 5000) {
    capture.flush()
    flushed = capture.count
    process.stdout.write(`${flushed}\n`)
  }
  setImmediate(run)
}
run()
