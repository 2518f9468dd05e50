import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { MAX_VALUE, MAX_VARIABLES } from '../../src/shared/compose/shelf.ts'
import { BUILT_IN_HELP, type Variables } from '../../src/shared/compose/template.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { largest } from '../../src/shared/numbers.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Popover, PopoverEntry } from '../ui/Popover.tsx'

/** The values of `{{name}}`: the user's variables, and the built-in ones to insert. */
export function VariablesMenu() {
  return (
    <Popover icon="symbol-variable" name={l10n.t('Variables')}>
      <VariablesForm />
      <BuiltIns />
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
      if (twice !== undefined)
        throw new Error(l10n.t('There are two variables named {0}. Remove one.', twice))
      const variables = Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]))
      composer.shelf.value = await page.host.call('shelve', { variables })
      setSaid({ text: l10n.t('Saved.'), failed: false })
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
      <ul aria-label={l10n.t('Your variables')}>
        {pairs.map(({ key, name, value }, i) => (
          <li key={key} class="variable">
            <input
              class="field mono"
              aria-label={l10n.t('Name of variable {0}', i + 1)}
              placeholder={l10n.t('name')}
              spellcheck={false}
              maxLength={64}
              value={name}
              onInput={(event) => change(key, { name: event.currentTarget.value })}
            />
            <input
              class="field mono"
              aria-label={l10n.t('Value of {0}', name || l10n.t('variable {0}', i + 1))}
              placeholder={l10n.t('value')}
              spellcheck={false}
              maxLength={MAX_VALUE}
              value={value}
              onInput={(event) => change(key, { value: event.currentTarget.value })}
            />
            <IconButton
              icon="close"
              name={l10n.t('Remove {0}', name || l10n.t('variable {0}', i + 1))}
              onClick={() => setPairs(pairs.filter((pair) => pair.key !== key))}
            />
          </li>
        ))}
      </ul>
      <div class="popover-actions">
        <Chip
          disabled={pairs.length >= MAX_VARIABLES}
          onClick={() => setPairs([...pairs, empty(nextKey(pairs))])}
        >
          <Icon name="add" /> {l10n.t('Variable')}
        </Chip>
        <Chip type="submit">{l10n.t('Save variables')}</Chip>
        <span role="status" class={said?.failed === true ? 'tone-error' : 'dim'}>
          {said?.text}
        </span>
      </div>
      <p class="hint">
        {l10n.t('Saved variables are kept on this computer, unencrypted. Do not put secrets here.')}
      </p>
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
  return 1 + largest(new Set(pairs.map(({ key }) => key)), -1)
}

function BuiltIns() {
  const { composer } = usePage()
  return (
    <>
      <h2>{l10n.t('Built in')}</h2>
      <ul aria-label={l10n.t('Built-in variables')}>
        {BUILT_IN_HELP.map(([placeholder, gives]) => (
          <li key={placeholder}>
            <PopoverEntry onPick={() => composer.insert(placeholder)}>
              <span class="mono">{placeholder}</span>
              <span class="clip dim">{gives}</span>
            </PopoverEntry>
          </li>
        ))}
      </ul>
    </>
  )
}
