#!/usr/bin/env python3
"""Drives `naevus serve` as several readers of its pictures do.

usage: server_review.py PICTURES   (a folder as `naevus synth` makes it)
Prints a sentence for each thing that holds, and ends with a trace at the first that does not.
"""

import json
import sys
from pathlib import Path

from server_people import Person, run, sign_in
from serving import Asks, serving


class Key(Asks):
    """A program with a key."""

    def __init__(self, server, role):
        made = json.loads(run("naevus", "key", "create", "--role", role, "--data", "read", "--json", role))
        self.server, self.secret, self.actor = server, made["secret"], "key:" + made["id"]

    def ask(self, method, path, body=None, **fields):
        return self.server.ask(method, path, body, key=self.secret, **fields)


def reader(server, name):
    """A reviewer who has signed in."""
    password = f"the password of {name}"
    run("naevus", "user", "add", name, "--role", "reviewer", "--data", "read", input=password)
    person, _, said = sign_in(server, name, password)
    person.actor = said["actor"]
    return person


def feedback_of(prediction):
    return f"/api/v1/predictions/{prediction['id']}/feedback"


def say(who, prediction, **said):
    """What somebody says of a prediction: its id."""
    return who.json("POST", feedback_of(prediction), json.dumps(said), expect=201)["id"]


def another_class(prediction):
    return next(name for name in prediction["probabilities"] if name != prediction["predicted"])


def kind(who, expect, *arguments):
    """What a refusal is called."""
    return Person.kind(who, expect, *arguments)


def undo(ann, bob, viewer, picture):
    said = ann.json("POST", "/api/v1/predictions", picture, expect=201)
    path = feedback_of(said)
    first = say(ann, said, verdict="agrees")
    others = say(bob, said, verdict="agrees")
    second = say(ann, said, verdict="corrects", label=another_class(said))
    assert kind(ann, 409, "DELETE", f"{path}/{first}") == "superseded"
    assert kind(ann, 403, "DELETE", f"{path}/{others}") == "not-yours"
    assert kind(ann, 404, "DELETE", f"{path}/{said['id']}") == "no-feedback"
    assert kind(ann, 404, "DELETE", f"/api/v1/predictions/{second}/feedback/{second}") == "no-feedback"
    assert kind(viewer, 403, "DELETE", f"{path}/{second}") == "role"
    assert kind(ann, 413, "DELETE", f"{path}/{second}", "{}") == "body-size"
    assert len(ann.json("GET", path)["feedback"]) == 3

    taken = ann.json("DELETE", f"{path}/{second}")
    assert taken["taken_back"] == second and taken["counts_again"]["id"] == first and taken["models_trained_on_it"] == []
    assert [(one["id"], one["superseded"]) for one in ann.json("GET", path)["feedback"]] == [(first, False), (others, False)]
    assert kind(ann, 404, "DELETE", f"{path}/{second}") == "no-feedback"
    assert ann.json("DELETE", f"{path}/{first}")["counts_again"] is None
    assert [one["id"] for one in ann.json("GET", path)["feedback"]] == [others]
    print("what one has said oneself can be taken back, the newest first; what one had said before counts again")


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    with serving("--keys", data="read") as server:
        ann, bob = reader(server, "Ann"), reader(server, "Bob")
        undo(ann, bob, Key(server, "viewer"), pictures[0])
    run("naevus", "audit", "verify", "--data", "read")


if __name__ == "__main__":
    main()
