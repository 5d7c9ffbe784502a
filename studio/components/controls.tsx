/** The small parts that every page is made of. */
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import '../styles/controls.css'

export function Button({
  kind = 'plain',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: 'plain' | 'main' | 'danger' | 'quiet' }) {
  return <button type="button" className={`button button--${kind}`} {...rest} />
}

export type Tone = 'plain' | 'good' | 'busy' | 'bad'

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge badge--${tone}`}>{children}</span>
}

export function Notice({ tone = 'plain', children }: { tone?: 'plain' | 'warn' | 'bad'; children: ReactNode }) {
  return (
    <div className={`notice notice--${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="empty">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** @param done and @param total in the same unit; a total of 0 is one that is not known yet */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const share = total === 0 ? 0 : Math.min(1, done / total)
  return (
    <div className="progress">
      <div
        className="progress__track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <div className="progress__bar" style={{ width: `${String(share * 100)}%` }} />
      </div>
      <span className="small soft number">{label}</span>
    </div>
  )
}

export function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="figure">
      <span className="figure__value">{children}</span>
      <span className="figure__label">{label}</span>
    </div>
  )
}

export function ScoreBar({ label, share }: { label: string; share: number }) {
  return (
    <span className="bar">
      <span className="bar__fill" style={{ width: `${String(share * 100)}%` }} />
      <span className="bar__text">
        <span>{label}</span>
        <span className="number">{(share * 100).toFixed(1)} %</span>
      </span>
    </span>
  )
}

export function Picture({ src, alt, children }: { src: string; alt: string; children?: ReactNode }) {
  return (
    <figure className="picture">
      <img src={src} alt={alt} loading="lazy" decoding="async" />
      {children !== undefined && <figcaption>{children}</figcaption>}
    </figure>
  )
}

/** Facts as a list of terms; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([term, value]) => [<dt key={`${term} term`}>{term}</dt>, <dd key={term}>{value}</dd>])}
    </dl>
  )
}
