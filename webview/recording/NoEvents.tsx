import { usePage } from '../state/page.ts'

/** Shown if a recording has no events. */
export function NoEvents() {
  const { context, recording } = usePage()
  const { name = 'The file' } = context.value
  const { file } = recording
  return (
    <section class="empty" aria-label="Recording">
      {file?.failure === undefined ? (
        <p role="status">
          {file === undefined || file.loading !== undefined ? `Reading ${name}…` : `${name} has no events.`}
        </p>
      ) : (
        <p role="alert" class="tone-error">
          {file.failure}
        </p>
      )}
    </section>
  )
}
