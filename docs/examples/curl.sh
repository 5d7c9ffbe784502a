#!/bin/sh
# From an archive of pictures, a folder for each class, to a classified picture, with nothing but curl:
#   sh docs/examples/curl.sh pets.zip cat.jpg
# GRAFT_URL and GRAFT_TOKEN say where and who; EPOCHS how long.
set -eu
server=${GRAFT_URL:-http://127.0.0.1:4000}
archive=$1
picture=$2

# send ADDRESS ACCEPT OPERATION VARIABLES
send() {
  printf '{"query":"%s","variables":%s}' "$(printf '%s' "$3" | tr '\n' ' ')" "$4" |
    curl --silent --show-error --fail-with-body --no-buffer "$1" ${GRAFT_TOKEN:+--header "authorization: Bearer $GRAFT_TOKEN"} \
      --header 'content-type: application/json' --header "accept: $2" --data-binary @-
}
# The answer to an operation, as JSON.
ask() { send "$server/graphql" application/json "$1" "$2"; }
# Every event of a subscription, as it comes; comes back when the stream has ended.
watch() { send "$server/graphql/stream" text/event-stream "$1" "$2" | sed -n 's/^data: //p' | grep . || true; }
# field NAME: its text in the JSON of an answer. A refusal has none: then the answer is shown, and that is the end.
field() {
  answer=$(cat)
  printf '%s' "$answer" | grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4 | grep . || {
    printf '%s\n' "$answer" >&2
    exit 1
  }
}

dataset=$(ask 'mutation Create($name: String!) {
  createDataset(input: { name: $name }) {
    ... on CreateDatasetSuccess { dataset { id } }
    ... on Error { message }
  }
}' "{\"name\":\"${archive##*/} $(date +%s)\"}" | field id)

# An address for one file, which needs no token; then the file itself.
upload=$(ask 'mutation Upload($fileName: String!, $byteSize: BigInt!) {
  createUpload(input: { fileName: $fileName, byteSize: $byteSize }) {
    ... on CreateUploadSuccess { upload { id url } }
    ... on Error { message }
  }
}' "{\"fileName\":\"${archive##*/}\",\"byteSize\":$(($(wc -c <"$archive")))}")
address=$(printf '%s' "$upload" | field url)
case $address in /*) address=$server$address ;; esac
curl --silent --show-error --fail-with-body --upload-file "$archive" "$address"

import=$(ask 'mutation Import($dataset: ID!, $upload: ID!) {
  importImages(input: { datasetId: $dataset, source: { uploadId: $upload } }) {
    ... on ImportImagesSuccess { import { id } }
    ... on Error { message }
  }
}' "{\"dataset\":\"$dataset\",\"upload\":\"$(printf '%s' "$upload" | field id)\"}" | field id)
watch 'subscription Import($import: ID!) {
  importProgress(importId: $import) { state processed total added rejectedCount }
}' "{\"import\":\"$import\"}"

version=$(ask 'mutation Freeze($dataset: ID!) {
  createDatasetVersion(input: { datasetId: $dataset }) {
    ... on CreateDatasetVersionSuccess { datasetVersion { id } }
    ... on Error { message }
  }
}' "{\"dataset\":\"$dataset\"}" | field id)

run=$(ask 'mutation Start($version: ID!, $hyperparameters: HyperparametersInput) {
  startTrainingRun(input: { datasetVersionId: $version, hyperparameters: $hyperparameters }) {
    ... on StartTrainingRunSuccess { trainingRun { id } }
    ... on Error { message }
  }
}' "{\"version\":\"$version\",\"hyperparameters\":{\"epochs\":${EPOCHS:-5}}}" | field id)
watch 'subscription Epochs($run: ID!) {
  epochCompleted(trainingRunId: $run) { number trainLoss validationLoss validationAccuracy }
}' "{\"run\":\"$run\"}"

# The report has newlines, which JSON writes as \n: printf %b makes lines of them.
report=$(ask 'query Report($run: ID!) {
  node(id: $run) { ... on TrainingRun { status evaluation { report { text } } } }
}' "{\"run\":\"$run\"}" | field text)
printf '%b\n' "$report"

checkpoint=$(ask 'query Best($run: ID!) {
  node(id: $run) { ... on TrainingRun { bestCheckpoint { id } } }
}' "{\"run\":\"$run\"}" | field id)
ask 'mutation Classify($checkpoint: ID!, $picture: String!) {
  classify(input: { model: { checkpointId: $checkpoint }, image: { base64: $picture }, topK: 3 }) {
    ... on ClassifySuccess { prediction { label confidence scores { label probability } } }
    ... on Error { message }
  }
}' "{\"checkpoint\":\"$checkpoint\",\"picture\":\"$(base64 <"$picture" | tr -d '\n')\"}"
echo
