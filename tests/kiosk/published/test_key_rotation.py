"""New keys at the hub: kiosks follow the chain of roots, and only that."""

from pathlib import Path

from tests.kiosk.published.stand import Stand, edition


def test_kiosk_follows_rotated_keys_one_after_the_other(stand: Stand) -> None:
    stand.hub.run("root", "rotate")
    stand.hub.run("root", "rotate", "--new-root")
    stand.hub.run("root", "rotate")
    new = stand.publish(edition("新钥匙"))
    assert (stand.look(), stand.version) == ("", new)


def test_key_that_was_locked_away_rotates_the_others_and_the_hub_signs_without_it(
    stand: Stand, tmp_path: Path
) -> None:
    stick = tmp_path / "root.key"
    key = stand.hub.data / "keys" / "tuf-root.key"
    stand.hub.run("root", "export", "--to", str(stick))
    assert not key.exists()
    new = stand.publish(edition("没有根钥匙"))
    assert (stand.look(), stand.version) == ("", new)
    stand.hub.run("root", "rotate", "--key", str(stick))
    assert not key.exists()
    newer = stand.publish(edition("换了钥匙"))
    assert (stand.look(), stand.version) == ("", newer)
    key.write_bytes(stick.read_bytes())


def test_root_that_the_old_root_did_not_sign_is_refused(stand: Stand) -> None:
    before = stand.version
    version = int(stand.hub.run("root", "rotate", "--new-root").split()[1].rstrip(":"))
    newest = stand.seen(f"{version}.root.json")
    stand.answers(f"{version}.root.json", newest.replace(b'"sig":"', b'"sig":"0', 1))
    assert stand.look() == "catalog.altered"
    assert stand.version == before
