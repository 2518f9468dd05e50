/** Regular expressions a user wrote, run under a watchdog: one that backtracks for ever is cut off. */
import { createContext, Script } from 'node:vm'
import { type Filter, FilterError } from '../../shared/filter/syntax.ts'

/** Milliseconds one expression may take over one batch of texts. */
const LIMIT = 500

const SCRIPT = new Script('run()')

/** Whether the expression matches each text. Throws a `FilterError` when it takes too long. */
export function testAll(filter: Filter & { kind: 'regex' }, texts: readonly string[]): boolean[] {
  const regex = new RegExp(filter.source, filter.flags.replace(/[gy]/g, ''))
  const context = createContext({ run: () => texts.map((text) => regex.test(text)) })
  try {
    return SCRIPT.runInContext(context, { timeout: LIMIT }) as boolean[]
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw new FilterError(
      `This expression was stopped after ${LIMIT} ms: it backtracks too much on these payloads; make it simpler.`,
      filter.start,
      filter.end,
    )
  }
}
