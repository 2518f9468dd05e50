/** Pretty-prints JSON that may contain placeholders. */
import { markPlaceholders } from '../../src/shared/compose/template.ts'
import { prettyPrint } from '../../src/shared/text/json-text.ts'

/** Undefined if the text is not JSON, even after the placeholders are filled. */
export function formatJson(text: string): string | undefined {
  const found = markPlaceholders(text)
  if (found === undefined) return undefined
  try {
    JSON.parse(found.marked)
  } catch {
    return undefined
  }
  return found.restore(prettyPrint(found.marked))
}
