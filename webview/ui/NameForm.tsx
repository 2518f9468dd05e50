import { useLayoutEffect, useRef, useState } from 'preact/hooks'

interface NameFormProps {
  readonly label: string
  readonly action: string
  readonly maxLength: number
  readonly initial?: string
  readonly required?: boolean
  readonly pattern?: string
  readonly placeholder?: string
  /** Gets the focus when the popover around it opens. */
  readonly isFirst?: boolean
  /** Returns whether it was done. */
  readonly onDone: (name: string) => Promise<boolean>
}

/** A field for one line of text, and a button. */
export function NameForm({ label, action, initial = '', isFirst = false, onDone, ...field }: NameFormProps) {
  const [name, setName] = useState(initial)
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (initial !== '') input.current?.select()
  }, [initial])
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault()
        void onDone(name).then((done) => done && setName(''))
      }}
    >
      <label>
        {label}
        <input
          {...field}
          ref={input}
          class="field"
          type="text"
          data-first={isFirst ? true : undefined}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="chip">
        {action}
      </button>
    </form>
  )
}
