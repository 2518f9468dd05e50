import { useEffect, useState } from 'preact/hooks'
import { sentenceOf } from '../../src/shared/failure.ts'
import { parseUrl } from '../../src/shared/url.ts'
import { usePage } from '../state/page.ts'

/** Milliseconds without a key after which a URL is checked. */
const PAUSE = 400

function problemOf(url: string): string | undefined {
  try {
    parseUrl(url)
    return undefined
  } catch (thrown) {
    return sentenceOf(thrown)
  }
}

/** A field for the URL to connect to. Offers recent ones. */
export function UrlForm() {
  const page = usePage()
  const [url, setUrl] = useState('')
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    const timer = setTimeout(() => setProblem(url.trim() === '' ? undefined : problemOf(url.trim())), PAUSE)
    return () => clearTimeout(timer)
  }, [url])

  const connect = () => {
    const typed = url.trim()
    const found = problemOf(typed)
    setProblem(found)
    // The host may ask for secrets, which has no time limit.
    if (found === undefined) void page.attempt(page.host.call('connect', { spec: { url: typed } }, 0))
  }

  return (
    <form
      class="url-form"
      onSubmit={(event) => {
        event.preventDefault()
        connect()
      }}
    >
      <label for="empty-url">URL</label>
      <div class="url-row">
        <input
          id="empty-url"
          class="field mono"
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="wss://host/path or https://host/events"
          list="recent-urls"
          value={url}
          aria-invalid={problem !== undefined}
          aria-describedby="empty-url-problem"
          onInput={(event) => {
            setUrl(event.currentTarget.value)
            if (problem !== undefined) setProblem(problemOf(event.currentTarget.value.trim()))
          }}
        />
        <vscode-button onClick={connect}>Connect</vscode-button>
      </div>
      <datalist id="recent-urls">
        {page.context.value.recentUrls.map((recent) => (
          <option key={recent} value={recent} />
        ))}
      </datalist>
      <div id="empty-url-problem" class="tone-error" role="alert">
        {problem}
      </div>
    </form>
  )
}
