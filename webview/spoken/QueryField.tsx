import * as l10n from '@vscode/l10n'
import { useId, useRef } from 'preact/hooks'
import { completeQuery } from '../../src/shared/graphql/complete.ts'
import type { GraphqlSchema } from '../../src/shared/graphql/schema.ts'
import type { SchemaState } from '../state/schemas.ts'
import { CompletionList } from '../ui/CompletionList.tsx'
import { type Choice, type Completions, NO_COMPLETIONS } from '../ui/completion-list.ts'
import { useCompletionList } from '../ui/use-completion-list.ts'

/** The schema that completes a query, and how to get it. */
export interface SchemaSource {
  readonly state: SchemaState | undefined
  readonly load: () => void
}

interface QueryFieldProps {
  /** Attributes of the text area. */
  readonly field: Readonly<Record<string, unknown>>
  readonly text: string
  readonly source: SchemaSource
  readonly onChange: (text: string) => void
}

interface QueryChoice extends Choice {
  readonly start: number
  readonly end: number
}

/** A GraphQL document, completed by the schema of the server. */
export function QueryField({ field, text, source: { state, load }, onChange }: QueryFieldProps) {
  const input = useRef<HTMLTextAreaElement>(null)
  const listId = useId()
  const schema = state !== undefined && 'schema' in state ? state.schema : undefined
  const { completions, show, accept, close, onKeyDown } = useCompletionList<QueryChoice>(input, {
    text,
    type: onChange,
    completionsAt: (typed, caret) => completionsAt(typed, caret, schema),
    accepted: (typed, { start, end, insert }) => ({
      text: typed.slice(0, start) + insert + typed.slice(end),
      caret: start + insert.length,
    }),
    onKey: () => false,
  })
  return (
    <div class="query-field">
      <textarea
        {...field}
        ref={input}
        class="field mono"
        rows={3}
        value={text}
        aria-haspopup="listbox"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={completions.active >= 0 ? `${listId}-${completions.active}` : undefined}
        onInput={({ currentTarget }) => {
          onChange(currentTarget.value)
          if (schema !== undefined) show()
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <CompletionList id={listId} completions={completions} choose={accept} />
      <SchemaLine state={state} load={load} />
    </div>
  )
}

/** The completions at the caret. The first is active if a name has been started. */
function completionsAt(
  text: string,
  caret: number,
  schema: GraphqlSchema | undefined,
): Completions<QueryChoice> {
  if (schema === undefined) return NO_COMPLETIONS
  const { start, end, offers } = completeQuery(text, caret, schema)
  const list = offers
    .filter(({ insert }) => insert !== text.slice(start, end))
    .map((offer) => ({ ...offer, start, end }))
  return { list, active: caret > start && list.length > 0 ? 0 : -1 }
}

function SchemaLine({ state, load }: SchemaSource) {
  if (state !== undefined && 'isLoading' in state)
    return <div class="dim">{l10n.t('The schema is loading…')}</div>
  if (state !== undefined && 'schema' in state)
    return <div class="dim">{l10n.t('Completed by the server’s schema (Ctrl+Space)')}</div>
  return (
    <div class="query-schema">
      <button type="button" class="link" onClick={load}>
        {l10n.t('Load Schema')}
      </button>
      {state !== undefined && (
        <span role="alert" class="tone-error">
          {state.failure}
        </span>
      )}
    </div>
  )
}
