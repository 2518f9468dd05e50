/** Ours: runs a filter over a capture, twice if the load's path is `/again`. */
import { Search } from '../../src/capture/search/search.ts'
import { searchable } from '../../src/engine/filter-calls.ts'
import { parseFilter } from '../../src/shared/filter/parse.ts'
import type { Task } from '../harness/contender.ts'
import { fillCapture } from '../harness/filled-capture.ts'
import { Meter } from '../harness/meter.ts'

const { url, count, size } = JSON.parse(process.argv[2] ?? '') as Task
const filter = new URL(url).searchParams.get('filter') ?? ''
const filled = fillCapture(count, size, { memoryLimit: 64 * 1024 * 1024 })

/** Resolves to the number of matches. */
function search(): Promise<number> {
  return new Promise((resolve) => {
    const run = new Search(searchable(filled.capture), parseFilter(filter), () => {
      if (run.scanned === count) resolve(run.matches.length)
    })
  })
}

await search()
const meter = new Meter()
meter.start()
const matches = await search()
const measurement = meter.stop(count, { matches })
filled.remove()
process.send?.(measurement, undefined, undefined, () => process.exit(0))
