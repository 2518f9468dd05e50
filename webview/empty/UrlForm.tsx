import * as l10n from '@vscode/l10n'
import { useEffect, useState } from 'preact/hooks'
import { type CurlConnection, curlConnection, looksLikeCurl } from '../../src/request/imports/curl/read.ts'
import { isWords, readTyped } from '../../src/request/typed-url.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { ListedPreset } from '../../src/shared/protocol/connecting.ts'
import type { ListedRequest } from '../../src/shared/protocol/saved-requests.ts'
import type { NamedRecent } from '../connecting/StartingPoints.tsx'
import { usePage } from '../state/page.ts'

/** Milliseconds without a key after which a mistake is shown. */
const PAUSE = 400

/** What Enter does with the typed text. */
type Meaning =
  | { readonly kind: 'none' }
  | { readonly kind: 'recent'; readonly recent: NamedRecent }
  | { readonly kind: 'request'; readonly request: ListedRequest }
  | { readonly kind: 'preset'; readonly preset: ListedPreset }
  | { readonly kind: 'url'; readonly url: string }
  | ({ readonly kind: 'curl' } & CurlConnection)
  | { readonly kind: 'problem'; readonly message: string }

/** Words are those of a recent connection, of a request or of a preset before they are the name of a host. */
function meaningOf(
  typed: string,
  [recent]: readonly NamedRecent[],
  [request]: readonly ListedRequest[],
  [preset]: readonly ListedPreset[],
): Meaning {
  if (looksLikeCurl(typed)) return curlMeaning(typed)
  if (isWords(typed) && recent !== undefined) return { kind: 'recent', recent }
  if (isWords(typed) && request !== undefined) return { kind: 'request', request }
  if (isWords(typed) && preset !== undefined) return { kind: 'preset', preset }
  const read = readTyped(typed)
  if (read.kind === 'problem') {
    const message = /\s/.test(typed.trim())
      ? l10n.t('No recent connection, request or preset has these words. Type a URL, or other words.')
      : read.message
    return { kind: 'problem', message }
  }
  const [url] = read.kind === 'urls' ? read.urls : []
  return url === undefined ? { kind: 'none' } : { kind: 'url', url }
}

function curlMeaning(typed: string): Meaning {
  try {
    return { kind: 'curl', ...curlConnection(typed) }
  } catch (thrown) {
    return { kind: 'problem', message: sentenceOf(thrown) }
  }
}

interface UrlFormProps {
  readonly typed: string
  readonly onType: (typed: string) => void
  /** The recent connections that have the typed words. */
  readonly found: readonly NamedRecent[]
  /** The requests that have them. */
  readonly requests: readonly ListedRequest[]
  /** The presets that have them. */
  readonly presets: readonly ListedPreset[]
}

/** A field for a URL, a curl command, or words to find a recent connection, a request or a preset. */
export function UrlForm({ typed, onType, found, requests, presets }: UrlFormProps) {
  const page = usePage()
  const [problem, setProblem] = useState<string>()
  const meaning = meaningOf(typed, found, requests, presets)

  useEffect(() => {
    const wrong = meaning.kind === 'problem' ? meaning.message : undefined
    // A mistake that is corrected is gone at once.
    const timer = setTimeout(() => setProblem(wrong), wrong === undefined ? 0 : PAUSE)
    return () => clearTimeout(timer)
  }, [typed, found.length, requests.length, presets.length])

  const connect = () => {
    // The host may ask for secrets, which has no time limit.
    if (meaning.kind === 'recent') void page.call('connectRecent', { recent: meaning.recent.number }, 0)
    else if (meaning.kind === 'request') {
      const { file, name } = meaning.request
      void page.call('runRequest', { file, name }, 0)
    } else if (meaning.kind === 'preset') void page.call('connectPreset', { preset: meaning.preset.name }, 0)
    else if (meaning.kind === 'url') void page.call('connect', { spec: { url: meaning.url } }, 0)
    else if (meaning.kind === 'curl') void page.call('connect', { spec: meaning.spec }, 0)
    else if (meaning.kind === 'problem') setProblem(meaning.message)
  }

  return (
    <form
      class="url-form"
      onSubmit={(event) => {
        event.preventDefault()
        connect()
      }}
    >
      <div class="url-row">
        <input
          class="field mono"
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          aria-label={l10n.t('URL or words')}
          placeholder={l10n.t(
            'wss:// or https:// URL, curl command, or words to find a connection or a preset',
          )}
          value={typed}
          aria-invalid={problem !== undefined}
          aria-describedby="empty-url-problem empty-url-meaning"
          onInput={(event) => onType(event.currentTarget.value)}
        />
        <vscode-button onClick={connect}>{l10n.t('Connect')}</vscode-button>
      </div>
      <div id="empty-url-problem" class="tone-error" role="alert">
        {problem}
      </div>
      <div id="empty-url-meaning" class="dim" role="status">
        {problem === undefined ? wordsFor(meaning, typed) : ''}
      </div>
    </form>
  )
}

/** What Enter does, if that is not plain to see. */
function wordsFor(meaning: Meaning, typed: string): string {
  if (meaning.kind === 'recent')
    return l10n.t('Enter connects to {0}: {1}', meaning.recent.name, meaning.recent.spec.url)
  if (meaning.kind === 'request')
    return l10n.t('Enter runs the request {0}: {1}', meaning.request.name, meaning.request.url)
  if (meaning.kind === 'preset') return l10n.t('Enter starts the preset {0}', meaning.preset.title)
  if (meaning.kind === 'curl')
    return [l10n.t('Enter connects to {0}, as curl does', meaning.spec.url), ...meaning.notTaken].join('. ')
  return meaning.kind === 'url' && meaning.url !== typed.trim()
    ? l10n.t('Enter connects to {0}', meaning.url)
    : ''
}
