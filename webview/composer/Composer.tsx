import { useMemo, useRef, useState } from 'preact/hooks'
import { composeMessage } from '../../src/shared/compose.ts'
import type { ComposedMessage } from '../../src/shared/protocol.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { connectionName } from '../format/connection.ts'
import { usePanel } from '../panel.ts'
import { boundHistory } from '../store/layout.ts'
import { History } from './history.ts'

type Format = ComposedMessage['format'] | 'file'

const FORMATS: Readonly<Record<Format, { readonly name: string; readonly hint: string }>> = {
  text: { name: 'Text', hint: 'Message to send' },
  json: { name: 'JSON', hint: '{ "op": "subscribe" }' },
  hex: { name: 'Hex', hint: '48 65 6c 6c 6f' },
  base64: { name: 'Base64', hint: 'SGVsbG8=' },
  file: { name: 'File', hint: 'A file is asked for when you press Send' },
}

const isMac = navigator.platform.startsWith('Mac')

/** Writes messages to a connection that can send; absent while none of them can. */
export function Composer() {
  const { session } = usePanel()
  const connections = (session.status.value?.connections ?? []).filter(({ canSend }) => canSend)
  return connections.length === 0 ? null : <ComposerForm connections={connections} />
}

function ComposerForm({ connections }: { connections: readonly ConnectionStatus[] }) {
  const panel = usePanel()
  const [chosen, setChosen] = useState<number>()
  const [format, setFormat] = useState<Format>('text')
  const [text, setText] = useState('')
  const [failure, setFailure] = useState<string>()
  const input = useRef<HTMLTextAreaElement>(null)
  const history = useMemo(() => new History(panel.layout.current.value.history), [panel])

  const open = connections.filter(({ state }) => state === 'open')
  const filtered = panel.session.filter.value.connection
  const target = open.find(({ id }) => id === chosen) ?? open.find(({ id }) => id === filtered) ?? open[0]

  const send = async () => {
    if (target === undefined) return
    setFailure(undefined)
    try {
      if (format === 'file') await panel.host.call('sendFile', { id: target.id }, 0)
      else {
        const message: ComposedMessage = { format, text }
        composeMessage(message)
        await panel.host.call('send', { id: target.id, message })
        history.push(text)
        panel.layout.change({ history: boundHistory(history.entries) })
        setText('')
      }
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown.message : String(thrown))
    }
    input.current?.focus()
  }

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }) => {
    const { selectionStart, selectionEnd, value } = event.currentTarget
    const isCaret = selectionStart === selectionEnd
    let recalled: string | undefined
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
    else if (event.key === 'ArrowUp' && isCaret && selectionStart === 0) recalled = history.older(value)
    else if (event.key === 'ArrowDown' && isCaret && selectionEnd === value.length) recalled = history.newer()
    else return
    event.preventDefault()
    if (recalled === undefined) return
    setText(recalled)
    // The caret goes where the next press of the same arrow goes on.
    const caret = event.key === 'ArrowUp' ? 0 : recalled.length
    requestAnimationFrame(() => input.current?.setSelectionRange(caret, caret))
  }

  return (
    <form
      class="bar composer"
      aria-label="Send a message"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <select
        class="chip"
        aria-label="Connection to send to"
        disabled={open.length === 0}
        value={target?.id}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
      >
        {open.length === 0 && <option>no open connection</option>}
        {open.map((connection) => (
          <option key={connection.id} value={connection.id}>
            {connectionName(connection)}
          </option>
        ))}
      </select>
      <select
        class="chip"
        aria-label="Format"
        value={format}
        onChange={(event) => setFormat(event.currentTarget.value as Format)}
      >
        {Object.entries(FORMATS).map(([id, { name }]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <div class="composer-field">
        <textarea
          ref={input}
          class="mono"
          rows={1}
          aria-label="Message"
          aria-invalid={failure !== undefined}
          aria-describedby={failure === undefined ? undefined : 'composer-failure'}
          placeholder={FORMATS[format].hint}
          title="↑ and ↓ walk through earlier messages"
          spellcheck={false}
          disabled={format === 'file'}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setFailure(undefined)
          }}
          onKeyDown={onKeyDown}
        />
        <div role="alert" id="composer-failure" class="tone-error">
          {failure}
        </div>
      </div>
      <vscode-button disabled={target === undefined} onClick={() => void send()}>
        {format === 'file' ? 'Send file…' : `Send ${isMac ? '⌘⏎' : 'Ctrl+⏎'}`}
      </vscode-button>
    </form>
  )
}
