/** The one boundary where a connection's specification comes in from outside: commands, the panel, other extensions. */
import * as v from 'valibot'
import { Failure } from '../shared/failure.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { parseUrl } from '../shared/url.ts'
import { checkCredentials } from './check-credentials.ts'
import { objectMessage, SPEC_FIELDS } from './spec-fields.ts'

const { url, ...optional } = SPEC_FIELDS
const schema = v.strictObject(
  { url, ...v.partial(v.object(optional)).entries },
  objectMessage('an object with a "url"'),
)

function sentence(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return path === null
    ? `The connection ${issue.message}.`
    : `The connection's ${JSON.stringify(path)} ${issue.message}.`
}

/**
 * Reads a connection's specification from any value. Throws a `Failure`: `BAD_SPEC`, which names the wrong field and
 * what it must be, or `BAD_URL`.
 */
export function parseSpec(input: unknown): ConnectionSpec {
  const result = v.safeParse(schema, input, { abortEarly: true })
  if (!result.success) throw new Failure('BAD_SPEC', sentence(result.issues[0]))
  const spec: ConnectionSpec = result.output
  parseUrl(spec.url, spec.transport)
  checkCredentials(spec)
  return spec
}

/** Reads the specification among the fields of an event. Throws a `Failure` as `parseSpec` does. */
export function parseRecordedSpec(fields: Readonly<Record<string, unknown>>): ConnectionSpec {
  return parseSpec(Object.fromEntries(Object.entries(fields).filter(([name]) => name in SPEC_FIELDS)))
}
