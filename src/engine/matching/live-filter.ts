/** Reads the filter of something that acts on messages as they come. */
import { compileFilter } from '../../capture/filter/compile.ts'
import { Failure } from '../../shared/failure.ts'
import { parseFilter } from '../../shared/filter/parse.ts'
import { type Filter, FilterError, someFilter } from '../../shared/filter/syntax.ts'

/** Throws a `Failure` with the code if the filter is not valid, or asks for what is not known yet. */
export function liveFilter(
  text: string,
  { noun, code }: { readonly noun: string; readonly code: string },
): Filter {
  try {
    const filter = parseFilter(text)
    if (someFilter(filter, (part) => part.kind === 'is' && part.state === 'unanswered'))
      throw new Failure(
        code,
        `A ${noun} cannot look for is:unanswered, because an answer may still come; use kind:request.`,
      )
    compileFilter(filter)
    return filter
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown
    throw new Failure(code, `The filter of the ${noun} is not valid. ${thrown.message}`)
  }
}
