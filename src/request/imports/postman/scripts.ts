/** What a script after an answer keeps of it, if it does so in the usual way. */
import type { ScriptedValue } from '../../../shared/request-script.ts'
import { variableName } from '../placeholders.ts'

const ANSWER = String.raw`(?:pm\.response\.json\(\)|JSON\.parse\(responseBody\))`
const NAMED = new RegExp(
  String.raw`\b(?:const|let|var)[ \t]{1,8}([A-Za-z_$][\w$]{0,40})[ \t]{0,8}=[ \t]{0,8}${ANSWER}[ \t]{0,8}(?:;|$)`,
  'gm',
)
const SET =
  /\b(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)\([ \t]{0,8}(["'])([^"'\n]{1,100})\1[ \t]{0,8},[ \t]{0,8}([^\n;]{1,300}?)\)[ \t]{0,8}(?:;|$)/gm
const PATH = /^(?:\.[A-Za-z_]\w{0,60}|\[(?:\d{1,6}|"[^"\\]{1,60}"|'[^'\\]{1,60}')\]){0,20}$/
/** Characters of a script that is looked at. */
const MAX_SCRIPT = 20_000

/** Such as `pm.environment.set("token", pm.response.json().token)`. */
export function valuesOf(script: string): readonly ScriptedValue[] {
  const text = script.slice(0, MAX_SCRIPT)
  const answers = [
    'pm.response.json()',
    'JSON.parse(responseBody)',
    ...[...text.matchAll(NAMED)].map(([, name = '']) => name),
  ]
  return [...text.matchAll(SET)].flatMap(([, , foreign = '', value = '']) => {
    const answer = answers.find((each) => value.startsWith(each))
    const path = answer === undefined ? undefined : value.slice(answer.length).replaceAll('?.', '.').trim()
    const name = variableName(foreign)
    return path === undefined || !PATH.test(path) || name === '' ? [] : [{ name, path: `$${path}` }]
  })
}
