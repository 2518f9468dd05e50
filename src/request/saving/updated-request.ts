/** A request of a file whose connection was edited: before and after the edit, for `replaceRequest`. */

import type { ScriptStep } from '../../shared/request-script.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { WrittenRequest } from '../file/print.ts'
import { escapeBraces } from '../file/print-text.ts'
import type { FileRequest } from '../file/request-file.ts'
import { withTexts } from '../secret-placeholders.ts'
import { keepPlaceholders } from './keep-placeholders.ts'
import type { SecretNames } from './secret-names.ts'
import { textWithPlaceholders, withPlaceholders } from './with-placeholders.ts'

export interface UpdatedRequest {
  readonly before: WrittenRequest
  readonly after: WrittenRequest
}

/**
 * `resolved` is the specification of the request with its variables filled, `edited` the one that the user wants. Parts that
 * were not edited are the same in both results. In others, placeholders outside of what was edited stay.
 */
export function updatedRequest(
  request: FileRequest,
  resolved: ConnectionSpec,
  edited: ConnectionSpec,
  secrets: SecretNames,
): UpdatedRequest {
  const steps = unchangedSteps(request)
  const now = withTexts(withoutCertificates(resolved), escapeBraces)
  const wanted = withPlaceholders(edited, secrets)
  const spec = {
    ...wanted,
    ...sameFields(resolved, edited, now),
    ...texts(request, resolved, edited, secrets),
  }
  return {
    before: { spec: now, steps, hasPlaceholders: true },
    after: { spec: withoutCertificates(spec), steps, hasPlaceholders: true },
  }
}

/** Steps that are printed in the same way: none of them changes. */
function unchangedSteps({ steps }: FileRequest): readonly ScriptStep[] {
  return steps.map((step, at) =>
    step.kind === 'wait' ? { kind: 'wait' } : { kind: 'send', message: { format: 'text', text: `${at}` } },
  )
}

/** Files of requests name the files of certificates, which stay. */
function withoutCertificates(spec: ConnectionSpec): ConnectionSpec {
  const { tls, ...rest } = spec
  if (tls === undefined) return spec
  const { ca: _, cert: _cert, key: _key, ...switches } = tls
  return Object.keys(switches).length === 0 ? rest : { ...rest, tls: switches }
}

/** The fields that were not edited, as they are now. */
function sameFields(
  resolved: ConnectionSpec,
  edited: ConnectionSpec,
  now: ConnectionSpec,
): Partial<ConnectionSpec> {
  const old: Readonly<Record<string, unknown>> = { ...withoutCertificates(resolved) }
  const same = Object.entries(withoutCertificates(edited)).filter(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(old[name]),
  )
  const current: Readonly<Record<string, unknown>> = { ...now }
  return Object.fromEntries(same.map(([name]) => [name, current[name]]))
}

/** URL, headers and body with the placeholders that stay. */
function texts(
  request: FileRequest,
  resolved: ConnectionSpec,
  edited: ConnectionSpec,
  secrets: SecretNames,
): Partial<ConnectionSpec> {
  const kept = (written: string, filled: string, text: string) =>
    filled === text
      ? escapeBraces(filled)
      : keepPlaceholders({ written, filled, edited: text }, (part) => textWithPlaceholders(part, secrets))
  const url = kept(request.url.text, resolved.url, edited.url)
  const [part] = request.body
  const body =
    request.body.length === 1 &&
    part?.kind === 'text' &&
    typeof resolved.body === 'string' &&
    typeof edited.body === 'string'
      ? kept(part.text, resolved.body, edited.body)
      : undefined
  return {
    ...(url !== undefined && { url }),
    ...(body !== undefined && { body }),
    ...(edited.headers !== undefined && { headers: headersOf(request, resolved, edited, secrets, kept) }),
  }
}

function headersOf(
  request: FileRequest,
  { headers: before = {} }: ConnectionSpec,
  { headers: after = {} }: ConnectionSpec,
  secrets: SecretNames,
  kept: (written: string, filled: string, text: string) => string | undefined,
): NonNullable<ConnectionSpec['headers']> {
  const { headers: replaced = {} } = withPlaceholders({ url: '', headers: after }, secrets)
  const filled = new Map(Object.entries(before).map(([name, value]) => [name.toLowerCase(), [value].flat()]))
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => {
      const written = request.headers.filter((field) => field.name.text.toLowerCase() === name.toLowerCase())
      const otherwise = [replaced[name] ?? ''].flat()
      const values = [value].flat().map((text, at) => {
        const old = filled.get(name.toLowerCase())?.[at]
        const own = old === undefined ? undefined : kept(written[at]?.value.text ?? '', old, text)
        return own ?? otherwise[at] ?? ''
      })
      return [name, typeof value === 'string' ? (values[0] ?? '') : values]
    }),
  )
}
