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
    bob.json("DELETE", f"{path}/{others}")
    print("what one has said oneself can be taken back, the newest first; what one had said before counts again")


def queue(who, which="open", limit=1000):
    """The predictions of a queue's head, with how many wait in it."""
    said = who.json("GET", f"/api/v1/review?queue={which}&limit={limit}")
    assert len(said["queue"]) == min(limit, said["waiting"])
    return [item["prediction"]["id"] for item in said["queue"]], said["waiting"]


def second_reading(ann, bob, viewer, pictures):
    made = [ann.json("POST", "/api/v1/predictions", picture, expect=201) for picture in pictures[:5]]
    ids = [one["id"] for one in made]
    _, waiting = queue(ann)
    say(ann, made[3], verdict="agrees")
    say(ann, made[1], verdict="corrects", label=another_class(made[1]))
    say(ann, made[0], verdict="agrees", histopathology=True)
    said = say(ann, made[2], verdict="agrees")
    say(ann, made[4], verdict="unsure")
    assert queue(ann)[1] == waiting - 5 and queue(ann, "second") == ([], 0)
    assert queue(bob, "second") == ([ids[3], ids[1], ids[2]], 3) and queue(bob, "second", 1) == ([ids[3]], 3)
    assert queue(bob)[0][0] == ids[1] and not {ids[0], ids[2], ids[3]} & set(queue(bob)[0]) and ids[4] in queue(bob)[0]
    assert bob.json("GET", "/api/v1/review?limit=1")["queue"][0]["disagreement"] is True
    assert [item["disagreement"] for item in bob.json("GET", "/api/v1/review?queue=second")["queue"]] == [False, True, False]
    say(bob, made[3], verdict="agrees")
    assert queue(bob, "second") == ([ids[1], ids[2]], 2)
    ann.json("DELETE", f"{feedback_of(made[2])}/{said}")
    assert queue(bob, "second") == ([ids[1]], 1)
    for query in ("queue=third", "queue=", "limit=0", "blind=yes", "sort=up"):
        assert kind(bob, 400, "GET", "/api/v1/review?" + query) == "parameter"
    for path in ("/api/v1/review", "/api/v1/review?queue=second"):
        assert kind(viewer, 403, "GET", path) == "role"
    print("the queue of second readings has what others have labelled and nothing has settled, the oldest reading first")


def blind_reading(ann, bob, pictures):
    made = [ann.json("POST", "/api/v1/predictions?age=61&site=back", picture, expect=201) for picture in pictures[5:8]]
    for one in made[:2]:
        say(ann, one, verdict="agrees")
    for which in ("open", "second"):
        for limit in (1, 3, 1000):
            seen = bob.json("GET", f"/api/v1/review?queue={which}&limit={limit}&blind=1")
            head, waiting = queue(bob, which, limit)
            ids = [item["prediction"]["id"] for item in seen["queue"]]
            assert ids == sorted(head) and seen["waiting"] == waiting and seen.keys() == {"waiting", "queue"}
            for item in seen["queue"]:
                assert item.keys() == {"prediction"}
                assert item["prediction"].keys() - {"patient"} == {"id", "created_at", "quality", "picture_format", "classes"}
                assert set(item["prediction"]["classes"]) == set(made[0]["probabilities"])
    seen = {item["prediction"]["id"]: item["prediction"] for item in bob.json("GET", "/api/v1/review?queue=second&blind=1")["queue"]}
    assert seen[made[0]["id"]]["patient"] == {"age": 61, "site": "back"}
    # Who does not know what the model said can't say whether it was right.
    path = feedback_of(made[0])
    for label, verdict in ((made[0]["predicted"], "agrees"), (another_class(made[0]), "corrects")):
        said = bob.json("POST", path, json.dumps({"label": label, "histopathology": True}), expect=201)
        assert (said["verdict"], said["label"], said["histopathology"]) == (verdict, label, True)
        bob.json("DELETE", f"{path}/{said['id']}")
    for body in ({"label": "wart"}, {"label": ""}, {"comment": "a mole"}):
        assert bob.status("POST", path, json.dumps(body)) == 400, body
    assert bob.status("POST", feedback_of({"id": "0" * 32}), json.dumps({"label": made[0]["predicted"]})) == 404
    print("read blind, a queue tells nothing of what model and readers said, in no telling order; a label alone is an answer")


def agreement(server, viewer, picture):
    """Two who have read the same 50: 20 and 15 alike, 5 and 10 not. By hand: observed 0.7, by chance 0.5, kappa 0.4."""
    carl, dora, program = reader(server, "Carl"), reader(server, "Dora"), Key(server, "reviewer")
    path = "/api/v1/review/agreement"
    before = carl.json("GET", path)
    assert before["complete"] is True and before["readings"] == sum(before["labels"].values())
    made = [carl.json("POST", "/api/v1/predictions", picture, expect=201) for _ in range(50)]
    yes, no = made[0]["predicted"], another_class(made[0])
    for one, (first, second) in zip(made, [(yes, yes)] * 20 + [(yes, no)] * 5 + [(no, yes)] * 10 + [(no, no)] * 15, strict=True):
        say(carl, one, label=no if first == yes else yes)  # and thinks better of it
        say(carl, one, label=first)
        say(dora, one, label=second)
    say(program, made[0], verdict="agrees")
    said = carl.json("GET", path)
    pairs = {frozenset(pair["readers"]): pair for pair in said["pairs"]}
    pair = pairs[frozenset((carl.actor, dora.actor))]
    assert pair["cases"] == 50 and abs(pair["observed"] - 0.7) < 1e-9 and abs(pair["kappa"]["value"] - 0.4) < 1e-9
    assert pair["kappa"]["low"] < 0.4 < pair["kappa"]["high"]
    alone = pairs[frozenset((carl.actor, program.actor))]
    assert alone["cases"] == 1 and alone["observed"] == 1 and alone["kappa"] is None
    readers = {one["reader"]: one for one in said["readers"]}
    assert readers[carl.actor]["name"] == "Carl" and "name" not in readers[program.actor]
    with_model = readers[carl.actor]["with_model"]
    assert with_model["cases"] == 50 and abs(with_model["observed"] - 0.5) < 1e-9 and abs(with_model["kappa"]["value"]) < 1e-9
    assert said["readings"] == before["readings"] + 101 and said["readers_left_out"] == 0
    assert said["labels"][yes] == before["labels"].get(yes, 0) + 25 + 30 + 1
    later = carl.json("GET", path + "?since=9999-01-01")
    assert later == {"readings": 0, "complete": True, "readers": [], "readers_left_out": 0, "pairs": [], "labels": {}}
    assert carl.json("GET", path + "?since=2020-01-01T00:00:00Z") == said
    for query in ("since=yesterday", "until=2026-01-01"):
        assert kind(carl, 400, "GET", f"{path}?{query}") == "parameter"
    assert kind(viewer, 403, "GET", path) == "role"
    print("readers' agreement with each other and with the model is Cohen's kappa, by what each said last")


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    with serving("--keys", data="read") as server:
        ann, bob = reader(server, "Ann"), reader(server, "Bob")
        viewer = Key(server, "viewer")
        undo(ann, bob, viewer, pictures[0])
        second_reading(ann, bob, viewer, pictures)
        blind_reading(ann, bob, pictures)
        agreement(server, viewer, pictures[0])
    run("naevus", "audit", "verify", "--data", "read")


if __name__ == "__main__":
    main()
