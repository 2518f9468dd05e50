/** What a component that shows a section of an answer is given. */
import type { AnswerSection, AnswerText } from '../state/answer-text.ts'

export interface SectionProps {
  readonly section: AnswerSection
  readonly text: AnswerText
  /** The number of the piece whose event is selected. */
  readonly selected: number | undefined
  readonly isGrowing: boolean
}
