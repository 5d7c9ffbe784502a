/** Rows actual, columns predicted; a cell opens its pictures. Right ones are green, wrong ones red, by their row's share. */
import './confusion-matrix.css'

export interface Cell {
  readonly actual?: string
  readonly predicted?: string
}

interface Props {
  readonly classNames: readonly string[]
  readonly matrix: readonly (readonly number[])[]
  readonly open: Cell
  readonly onOpen: (cell: Cell) => void
}

export function ConfusionMatrix({ classNames, matrix, open, onOpen }: Props) {
  return (
    <div className="stack">
      <h3>Confusion matrix</h3>
      <p className="small soft">
        Rows are what a picture shows, columns what the model says. A cell opens its pictures.
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Confusion matrix">
        <table className="matrix">
          <thead>
            <tr>
              <td />
              {classNames.map((name) => (
                <th key={name} scope="col">
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classNames.map((actual, row) => {
              const counts = matrix[row] ?? []
              const total = counts.reduce((sum, value) => sum + value, 0)
              return (
                <tr key={actual}>
                  <th scope="row">{actual}</th>
                  {classNames.map((predicted, column) => {
                    const count = counts[column] ?? 0
                    const isOpen = open.actual === actual && open.predicted === predicted
                    return (
                      <td key={predicted}>
                        <button
                          type="button"
                          className={`matrix__cell ${row === column ? 'matrix__cell--right' : ''}`}
                          style={{ ['--share' as string]: `${String(total === 0 ? 0 : (count / total) * 100)}%` }}
                          aria-pressed={isOpen}
                          aria-label={`${String(count)} of ${actual} taken for ${predicted}`}
                          disabled={count === 0}
                          onClick={() => onOpen(isOpen ? {} : { actual, predicted })}
                        >
                          {count}
                        </button>
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </div>
  )
}
