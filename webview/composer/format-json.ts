/** Lays out JSON that may have placeholders in it. */
import { markPlaceholders } from '../../src/shared/compose/template.ts'
import { prettyPrint } from '../../src/shared/text/json-text.ts'

/** Undefined where the text is no JSON even with its placeholders filled. */
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
