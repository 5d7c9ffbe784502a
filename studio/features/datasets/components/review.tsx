/** Findings one by one: what to do with each, by button or by key. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Button } from '../../../components/controls.js'
import type { More } from '../../../components/endless.js'
import { count } from '../../../components/format.js'
import type { Kept } from '../kept.js'

export interface Choice {
  /** What makes it while the review has the focus. */
  readonly key: string
  readonly title: string
  readonly kind?: 'main' | 'danger'
  readonly choose: () => void
}

interface Props<Finding> {
  readonly title: string
  readonly findings: readonly Finding[]
  /** Those that are not fetched yet among them. */
  readonly total: number
  readonly more: More
  readonly kept: Kept
  /** The same for the same finding of a later inspection. */
  readonly keyOf: (finding: Finding) => string
  /** Beside keeping it as it is. */
  readonly choices: (finding: Finding) => readonly Choice[]
  /** While true no second choice is taken for the same finding. */
  readonly isBusy: boolean
  readonly children: (finding: Finding) => ReactNode
}

const FETCH_BEFORE = 5

export function Review<Finding>(props: Props<Finding>) {
  const { title, findings, total, more, kept, keyOf, isBusy, children } = props
  const heading = useId()
  const place = useRef<HTMLElement>(null)
  const taken = useRef<Finding>(undefined)
  const open = findings.filter((finding) => !kept.has(keyOf(finding)))
  const keptCount = findings.length - open.length
  const { at, go } = usePosition(open.map(keyOf), more)
  const finding = open[at]
  const steps: readonly Choice[] = [
    { key: 'ArrowLeft', title: 'Previous', choose: () => go(at - 1) },
    { key: 'ArrowRight', title: 'Next', choose: () => go(at + 1) },
  ]
  const choices: readonly Choice[] =
    finding === undefined
      ? []
      : [...props.choices(finding), { key: 'k', title: 'Keep as it is', choose: () => kept.keep(keyOf(finding)) }]
  const take = (choice: Choice): void => {
    // The cache gives a new object for a finding that has changed: that one can be decided at once.
    if (isBusy && taken.current === finding) return
    taken.current = finding
    step(choice)
  }
  const step = (choice: Choice): void => {
    choice.choose()
    // What had the focus may go with its finding: the keys go on working.
    place.current?.focus({ preventScroll: true })
  }
  const press = (event: KeyboardEvent): void => {
    if (!isShortcut(event)) return
    const choice = choices.find(({ key }) => key === event.key)
    const move = steps.find(({ key }) => key === event.key)
    if (choice !== undefined) take(choice)
    else if (move !== undefined) step(move)
    else return
    event.preventDefault()
  }
  return (
    <section ref={place} className="card stack review" tabIndex={0} aria-labelledby={heading} onKeyDown={press}>
      <div className="row row--spread">
        <h2 id={heading}>{title}</h2>
        <div className="row">
          <p className="soft number" role="status">
            {finding === undefined ? 'None left' : `${count(at + 1)} of ${count(total - keptCount)}`}
          </p>
          {open.length > 1 && <Choices choices={steps} onTake={step} />}
        </div>
      </div>
      {finding !== undefined && children(finding)}
      {finding !== undefined && <Choices choices={choices} onTake={take} />}
      {keptCount > 0 && (
        <p className="row small soft">
          {count(keptCount)} kept as {keptCount === 1 ? 'it is' : 'they are'}.
          <Button kind="quiet" onClick={kept.forget}>
            Ask again
          </Button>
        </p>
      )}
    </section>
  )
}

function Choices({ choices, onTake }: { choices: readonly Choice[]; onTake: (choice: Choice) => void }) {
  return (
    <div className="row">
      {choices.map((choice) => (
        <Button
          key={choice.key}
          kind={choice.kind ?? 'plain'}
          aria-keyshortcuts={choice.key}
          onClick={() => onTake(choice)}
        >
          {choice.title} <kbd aria-hidden="true">{KEY_NAMES[choice.key] ?? choice.key.toUpperCase()}</kbd>
        </Button>
      ))}
    </div>
  )
}

const KEY_NAMES: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→' }

/** Stays with its finding when others come or go; where that one went, the next is at its place. */
function usePosition(keys: readonly string[], { hasNextPage, isFetchingNextPage, fetchNextPage }: More) {
  const [position, setPosition] = useState({ key: '', index: 0 })
  const found = keys.indexOf(position.key)
  const at = Math.max(0, Math.min(found === -1 ? position.index : found, keys.length - 1))
  const isNearEnd = at >= keys.length - FETCH_BEFORE
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) fetchNextPage()
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage])
  const go = (to: number): void => {
    const index = Math.max(0, Math.min(to, keys.length - 1))
    setPosition({ key: keys[index] ?? '', index })
  }
  return { at, go }
}

/** Not what somebody types into a field, and nothing of the browser's own. */
function isShortcut({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !(target instanceof HTMLInputElement) && !ctrlKey && !metaKey && !altKey
}
