"""A ResNet-50 behind FastAPI as tutorials have it: PyTorch eager, a picture at a time, one durable insert for each answer."""

import argparse
import base64
import io
import json
import sqlite3

import torch
import uvicorn
from fastapi import FastAPI
from PIL import Image
from pydantic import BaseModel
from seed_head import resnet50_with_head
from torchvision import transforms

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int)
parser.add_argument("--database")
args = parser.parse_args()

model = resnet50_with_head(classes=2).eval()
prepare = transforms.Compose([
    transforms.Resize(256),
    transforms.CenterCrop(224),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
app = FastAPI()


def connect() -> sqlite3.Connection:
    connection = sqlite3.connect(args.database, timeout=60)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


with connect() as database:
    database.execute("CREATE TABLE prediction (id INTEGER PRIMARY KEY, scores TEXT NOT NULL)")


class Asked(BaseModel):
    base64: str


@app.get("/ready")
def ready() -> dict:
    return {}


@app.post("/classify")
def classify(asked: Asked) -> dict:
    picture = Image.open(io.BytesIO(base64.b64decode(asked.base64))).convert("RGB")
    with torch.inference_mode():
        scores = model(prepare(picture)[None])[0].exp().tolist()
    database = connect()
    with database:
        database.execute("INSERT INTO prediction (scores) VALUES (?)", [json.dumps(scores)])
    database.close()
    return {"scores": scores}


uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="error")
