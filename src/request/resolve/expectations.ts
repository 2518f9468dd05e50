/** Fills the variables of what a request expects, and checks it. */
import { FOREIGN_EXPECTATION, parseExpectation } from '../../shared/expectation.ts'
import { Failure } from '../../shared/failure.ts'
import type { FileRequest, Written } from '../file/request-file.ts'
import type { Filling } from '../variables/fill.ts'
import { placed } from './failure.ts'

/**
 * The expectations at their places, with their variables filled, without what only other tools check. Rejects with a
 * `Failure` at the place of one that is wrong.
 */
export async function resolveExpectations(
  { expectations }: Pick<FileRequest, 'expectations'>,
  filling: Filling,
): Promise<readonly Written[]> {
  const resolved: Written[] = []
  for (const { start, end, text } of expectations) {
    const filled = await placed({ start, end }, async () => {
      const { text: content } = await filling.fill(text)
      return isOurs(content) ? content : undefined
    })
    if (filled !== undefined) resolved.push({ start, end, text: filled })
  }
  return resolved
}

function isOurs(text: string): boolean {
  try {
    parseExpectation(text)
    return true
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === FOREIGN_EXPECTATION) return false
    throw thrown
  }
}
