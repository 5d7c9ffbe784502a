/** What a model tells about one picture beyond its scores. Asked once each: the same picture gives the same answer. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.js'
import { AlikeDocument, type AlikeQuery, ExplainDocument, type ExplainQuery } from './queries/classify.documents.js'

export interface Sight {
  readonly predictionId: string
  readonly checkpointId: string
  /** The picture that was classified: the server may not have kept it. */
  readonly base64: string
}

const ALIKE = 12

export function useExplanation(sight: Sight, label: string): UseQueryResult<ExplainQuery['explanation']> {
  const { client } = useApi()
  return useQuery({
    // By id and not by the picture: a key is compared at every turn.
    queryKey: ['looks', 'explanation', sight.predictionId, label],
    queryFn: async () => (await client.request(ExplainDocument, { ...asked(sight), label })).explanation,
    staleTime: Infinity,
  })
}

export function useAlike(sight: Sight): UseQueryResult<AlikeQuery['neighbours']> {
  const { client } = useApi()
  return useQuery({
    queryKey: ['looks', 'alike', sight.predictionId],
    queryFn: async () => (await client.request(AlikeDocument, { ...asked(sight), first: ALIKE })).neighbours,
    staleTime: Infinity,
  })
}

function asked({ checkpointId, base64 }: Sight) {
  return { picture: { base64 }, model: { checkpointId } }
}
