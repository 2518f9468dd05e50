import { useState } from 'preact/hooks'
import { MAX_VALUE, MAX_VARIABLES } from '../../src/shared/compose/shelf.ts'
import { BUILT_IN_HELP, type Variables } from '../../src/shared/compose/template.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { largest } from '../../src/shared/numbers.ts'
import { usePage } from '../state/page.ts'
import { Icon, IconButton } from '../ui/Icon.tsx'
import { Popover } from '../ui/Popover.tsx'

/** The values of `{{name}}`: the user's variables, and the built-in ones to insert. */
export function VariablesMenu() {
  return (
    <Popover icon="symbol-variable" name="Variables">
      {(close) => (
        <>
          <VariablesForm />
          <BuiltIns close={close} />
        </>
      )}
    </Popover>
  )
}

interface Pair {
  readonly key: number
  readonly name: string
  readonly value: string
}

function VariablesForm() {
  const page = usePage()
  const { composer } = page
  const [pairs, setPairs] = useState(() => pairsOf(composer.shelf.value.variables))
  const [said, setSaid] = useState<{ readonly text: string; readonly failed: boolean }>()

  const change = (key: number, part: Partial<Pair>) => {
    setSaid(undefined)
    setPairs(pairs.map((pair) => (pair.key === key ? { ...pair, ...part } : pair)))
  }
  const save = async () => {
    const named = pairs.filter(({ name, value }) => name.trim() !== '' || value !== '')
    const names = named.map(({ name }) => name.trim())
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    try {
      if (twice !== undefined) throw new Error(`There are two variables named ${twice}. Remove one.`)
      const variables = Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]))
      composer.shelf.value = await page.host.call('shelve', { variables })
      setSaid({ text: 'Saved.', failed: false })
    } catch (thrown) {
      setSaid({ text: sentenceOf(thrown), failed: true })
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <ul aria-label="Your variables">
        {pairs.map(({ key, name, value }, i) => (
          <li key={key} class="variable">
            <input
              class="field mono"
              aria-label={`Name of variable ${i + 1}`}
              placeholder="name"
              spellcheck={false}
              maxLength={64}
              value={name}
              onInput={(event) => change(key, { name: event.currentTarget.value })}
            />
            <input
              class="field mono"
              aria-label={`Value of ${name || `variable ${i + 1}`}`}
              placeholder="value"
              spellcheck={false}
              maxLength={MAX_VALUE}
              value={value}
              onInput={(event) => change(key, { value: event.currentTarget.value })}
            />
            <IconButton
              icon="close"
              name={`Remove ${name || `variable ${i + 1}`}`}
              onClick={() => setPairs(pairs.filter((pair) => pair.key !== key))}
            />
          </li>
        ))}
      </ul>
      <div class="popover-actions">
        <button
          type="button"
          class="chip"
          disabled={pairs.length >= MAX_VARIABLES}
          onClick={() => setPairs([...pairs, empty(nextKey(pairs))])}
        >
          <Icon name="add" /> Variable
        </button>
        <button type="submit" class="chip">
          Save variables
        </button>
        <span role="status" class={said?.failed === true ? 'tone-error' : 'dim'}>
          {said?.text}
        </span>
      </div>
      <p class="hint">Saved variables are kept on this computer, unencrypted. Do not put secrets here.</p>
    </form>
  )
}

function pairsOf(variables: Variables): Pair[] {
  const pairs = Object.entries(variables).map(([name, value], key) => ({ key, name, value }))
  return pairs.length === 0 ? [empty(0)] : pairs
}

function empty(key: number): Pair {
  return { key, name: '', value: '' }
}

function nextKey(pairs: readonly Pair[]): number {
  return (
    largest(
      pairs.map(({ key }) => key),
      -1,
    ) + 1
  )
}

function BuiltIns({ close }: { close: () => void }) {
  const { composer } = usePage()
  return (
    <>
      <h2>Built in</h2>
      <ul aria-label="Built-in variables">
        {BUILT_IN_HELP.map(([placeholder, gives]) => (
          <li key={placeholder}>
            <button
              type="button"
              class="entry"
              data-entry
              onClick={() => {
                composer.insert(placeholder)
                close()
              }}
            >
              <span class="mono">{placeholder}</span>
              <span class="clip dim">{gives}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
