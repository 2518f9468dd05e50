import * as l10n from '@vscode/l10n'
import type { TechniqueAnswers, TechniqueReport } from '../../src/shared/techniques.ts'
import { Segments } from '../connecting/FormRow.tsx'
import { TECHNIQUES } from '../connecting/techniques.ts'
import { usePage } from '../state/page.ts'

type Yes = 'yes' | 'no' | 'open'

/** What traffic cannot tell, and what would change the ranking. */
export function Questions({ report }: { readonly report: TechniqueReport }) {
  const { techniques } = usePage()
  const answers = techniques.answers.value
  const yes = l10n.t('Yes')
  const no = l10n.t('No')
  return (
    <section class="technique-questions" aria-labelledby="technique-questions">
      <h2 id="technique-questions">
        {l10n.t('What traffic cannot tell')}{' '}
        <span class="dim">{l10n.t('the ranking follows your answers')}</span>
      </h2>
      <Question<NonNullable<TechniqueAnswers['clientsSend']> | 'open'>
        text={l10n.t('Will clients send, too?')}
        choices={[
          { value: 'open', name: l10n.t('As Here'), title: l10n.t('As in this session') },
          { value: 'no', name: no },
          { value: 'sometimes', name: l10n.t('Now and Then') },
          { value: 'always', name: l10n.t('All the Time') },
        ]}
        value={answers.clientsSend ?? 'open'}
        onChange={(value) => {
          if (value === 'open') techniques.takeBack('clientsSend')
          else techniques.answer({ clientsSend: value })
        }}
      />
      <Question<Yes>
        text={l10n.t('Must browsers work without a library?')}
        choices={[
          { value: 'no', name: no },
          { value: 'yes', name: yes },
        ]}
        value={answers.plainBrowser === true ? 'yes' : 'no'}
        onChange={(value) => techniques.answer({ plainBrowser: value === 'yes' })}
      />
      <Question<NonNullable<TechniqueAnswers['bufferingProxy']>>
        text={l10n.t('Is there a proxy that may buffer?')}
        choices={[
          { value: 'no', name: no },
          { value: 'unknown', name: l10n.t('Not Known') },
          { value: 'yes', name: yes },
        ]}
        value={answers.bufferingProxy ?? 'unknown'}
        onChange={(bufferingProxy) => techniques.answer({ bufferingProxy })}
      />
      <Question<Yes>
        text={l10n.t('Is it sound or video?')}
        choices={[
          { value: 'open', name: l10n.t('As Here'), title: l10n.t('As its content type says') },
          { value: 'no', name: no },
          { value: 'yes', name: yes },
        ]}
        value={answers.media === undefined ? 'open' : answers.media ? 'yes' : 'no'}
        onChange={(value) => {
          if (value === 'open') techniques.takeBack('media')
          else techniques.answer({ media: value === 'yes' })
        }}
      />
      {report.changes.length > 0 && (
        <>
          <h2>{l10n.t('What would change this')}</h2>
          <ul class="technique-changes">
            {report.changes.map(({ change, technique }) => (
              <li key={change}>
                <span>{change}</span>
                <b>{TECHNIQUES[technique].name}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

interface QuestionProps<Value extends string> {
  readonly text: string
  readonly choices: Parameters<typeof Segments<Value>>[0]['choices']
  readonly value: Value
  readonly onChange: (value: Value) => void
}

function Question<Value extends string>({ text, choices, value, onChange }: QuestionProps<Value>) {
  return (
    <div class="technique-question">
      <span aria-hidden="true">{text}</span>
      <Segments label={text} choices={choices} value={value} onChange={onChange} />
    </div>
  )
}
