"""The command line: words in, sessions out.

Exit codes: 0 done; 2 something the user can mend, told in one line; 1 a bug.

Each command has a file of its own, which is imported when the command is called: a list of
devices does not wait for the pose model.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from hipcue.config.errors import UserError, explain_import_error
from hipcue.config.languages import LANGUAGES
from hipcue.config.wanted import first_error, wanted
from hipcue.realtime.commands.options import (
    Config,
    Headless,
    Mailed,
    Out,
    Runner,
    Session,
    Set,
    settings_from,
)
from hipcue.realtime.run.heap import share_one_heap

app = typer.Typer(
    name="hipcue",
    help="Live hip extension, stride length and borrowed-extension cues for treadmill runners.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
simulate_app = typer.Typer(help="Pretend to be a device.", no_args_is_help=True)
app.add_typer(simulate_app, name="simulate")


def main() -> None:
    """Run the command line; every mendable trouble is one line and exit code 2."""
    share_one_heap()
    try:
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except UserError as error:
        _say_and_exit(str(error))
    except typer.Abort:
        sys.exit(130)
    except (ImportError, OSError) as error:
        explained = explain_import_error(error) if isinstance(error, ImportError) else None
        if explained is None:
            raise
        _say_and_exit(str(explained))
    except Exception as error:
        # Typer's own complaints about the words on the command line.
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        _say_and_exit(f"{_wrong_word(error) or message()}; try: hipcue --help")


def _wrong_word(error: Exception) -> str:
    """Say what an option should have been; empty where only Typer knows."""
    found, option = error.__cause__, getattr(getattr(error, "param", None), "opts", None)
    if not isinstance(found, ValidationError) or not option:
        return ""
    first = first_error(found)
    return f"wrong {option[0]}: {first['input']}, not {wanted(first)}"


def _say_and_exit(line: str) -> None:
    print("hipcue: " + " ".join(line.split()), file=sys.stderr)
    sys.exit(2)


@app.command()
def demo(
    headless: Headless = False,
    seconds: Annotated[
        float | None, typer.Option(help="Length; without it, until closed.", min=10.0)
    ] = None,
    outline: Annotated[
        bool,
        typer.Option("--outline", help="Without printed squares: read the back's outline."),
    ] = False,
    out: Out = None,
    config: Config = None,
    set_: Set = None,
) -> None:
    """No hardware needed: a simulated runner and treadmill, everything else real."""
    from hipcue.realtime.commands.demo import run_demo
    from hipcue.realtime.commands.kept_sessions import finish_unfinished

    settings = settings_from(config, set_)
    finish_unfinished(settings)
    run_demo(settings, headless=headless, seconds=seconds, out=out, outline=outline)


@app.command()
def run(
    camera: Annotated[str, typer.Option(help="Number, name, stream or film.")] = "0",
    treadmill: Annotated[
        str, typer.Option(help="Address, e.g. csafe:/dev/ttyUSB0, fixed:3.0 or none.")
    ] = "none",
    runner: Runner = None,
    video_out: Annotated[
        bool, typer.Option("--video-out", help="Keep a film of the session.")
    ] = False,
    headless: Headless = False,
    seconds: Annotated[float | None, typer.Option(help="End after this time.", min=1.0)] = None,
    out: Out = None,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Measure a runner live."""
    from hipcue.realtime.commands.kept_sessions import finish_unfinished
    from hipcue.realtime.commands.run import run_live

    settings = settings_from(
        config,
        set_,
        {"runner.name": runner, "session.video": True if video_out else None},
    )
    finish_unfinished(settings)
    run_live(
        settings,
        camera=camera,
        treadmill=treadmill,
        headless=headless,
        seconds=seconds,
        out=out,
    )


@app.command()
def analyze(
    files: Annotated[
        list[Path], typer.Argument(help="Films, markers, joint angles, keypoints, or folders.")
    ],
    speed: Annotated[
        float | None, typer.Option(help="Belt speed in m/s.", min=0.1, max=15.0)
    ] = None,
    speed_csv: Annotated[
        Path | None, typer.Option(help="CSV of times and speeds: t_s and speed_mps, or km/h.")
    ] = None,
    standing_tilt: Annotated[
        float | None,
        typer.Option(help="ASIS-PSIS angle of the standing trial, degrees (TRC)."),
    ] = None,
    static: Annotated[
        Path | None, typer.Option(help="Standing trial of the same markers, for clusters.")
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(help="Names of your own markers (TOML); see docs/marker-names.md."),
    ] = None,
    slow_motion: Annotated[
        float | None, typer.Option(help="How many times slower than life the films play.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Frames per second of files that do not tell theirs.")
    ] = None,
    runner: Runner = None,
    jobs: Annotated[
        int, typer.Option(help="Files at a time on this machine; 0 is one per core.", min=0)
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask scheduler, e.g. tcp://host:8786; its workers need the same paths."),
    ] = None,
    out: Out = None,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Measure a film of one runner from the side, or files of other programs (docs/files.md)."""
    from hipcue.realtime.commands.analyze import run_analysis
    from hipcue.realtime.commands.kept_sessions import finish_unfinished

    settings = settings_from(
        config,
        set_,
        {
            "runner.name": runner,
            "pelvis.standing_tilt_deg": standing_tilt,
            "files.static_file": static,
            "files.names_file": names,
            "files.slow_motion": slow_motion,
            "files.rate_hz": rate,
        },
    )
    finish_unfinished(settings)
    run_analysis(
        files,
        settings,
        speed=speed,
        speed_csv=speed_csv,
        out=out,
        jobs=jobs,
        scheduler=scheduler,
    )


@app.command()
def devices(
    probe: Annotated[
        bool, typer.Option("--probe", help="Try on every serial port who answers.")
    ] = False,
    port: Annotated[str | None, typer.Option(help="With --probe: this port only.")] = None,
    sync: Annotated[
        str | None,
        typer.Option(help="Session with a change of speed: how late is the wire?"),
    ] = None,
    sound_latency: Annotated[
        bool,
        typer.Option("--sound-latency", help="Hear with a microphone how late sounds are."),
    ] = False,
    tune: Annotated[
        bool, typer.Option("--tune", help="How many trackers follow the camera on this machine?")
    ] = False,
    config: Config = None,
    set_: Set = None,
) -> None:
    """List cameras, serial ports and sound outputs."""
    from hipcue.realtime.commands.devices import (
        list_devices,
        measure_sound,
        measure_sync,
        measure_trackers,
    )

    if tune:
        measure_trackers(settings_from(config, set_))
    elif sound_latency:
        measure_sound(settings_from(config, set_))
    elif sync is not None:
        measure_sync(settings_from(config, set_), sync)
    else:
        list_devices(probing=probe, port=port)


@app.command()
def tags(
    out: Annotated[Path, typer.Option("--out", help="PDF file to write.")] = Path("tags.pdf"),
    size: Annotated[
        float | None, typer.Option(help="Side of the squares, m; else as in the settings.")
    ] = None,
    config: Config = None,
) -> None:
    """Write the sheet with the printed squares for waistband and ribs, true to scale."""
    from hipcue.realtime.commands.tags import write_tags

    write_tags(out, size, settings_from(config, None))


@app.command()
def replay(
    session: Annotated[str, Mailed],
    check: Annotated[
        bool, typer.Option("--check", help="No window: run the engine again and compare.")
    ] = False,
    speed: Annotated[float, typer.Option(help="Times real time.", min=0.1, max=20.0)] = 1.0,
    headless: Headless = False,
    config: Config = None,
) -> int:
    """Show a session as it was, or prove that it gives the same results again."""
    from hipcue.realtime.commands.replay import check_replay, play

    settings = settings_from(config, None)
    if check:
        return 0 if check_replay(session, settings) else 1
    play(session, settings, speed, headless)
    return 0


@app.command()
def review(
    session: Annotated[str | None, Mailed] = None,
    runner: Runner = None,
    language: Annotated[
        str | None,
        typer.Option("--language", help="en or de; without it that of the session's cues."),
    ] = None,
    config: Config = None,
) -> None:
    """Build the report of a session, or with --runner the progress over all of them."""
    from hipcue.realtime.commands.review import review_runner, review_session

    if language is not None and language not in LANGUAGES:
        raise UserError(
            f"cannot read --language {language}",
            f"expected one of {', '.join(LANGUAGES)}",
            f"--language {LANGUAGES[0]}",
        )
    settings = settings_from(config, None, {"feedback.language": language})
    if session is not None:
        review_session(session, settings, language)
    elif runner is not None:
        review_runner(runner, settings)
    else:
        raise UserError("nothing to review", "no session given", "hipcue review SESSION")


sessions_app = typer.Typer(help="List, remove or anonymise kept sessions.")
app.add_typer(sessions_app, name="sessions")


@sessions_app.callback(invoke_without_command=True)
def sessions(context: typer.Context, config: Config = None) -> None:
    """List the kept sessions."""
    from hipcue.realtime.commands.kept_sessions import finish_unfinished
    from hipcue.realtime.commands.sessions import show_sessions

    settings = settings_from(config, None)
    context.obj = settings
    if context.invoked_subcommand is None:
        finish_unfinished(settings)
        show_sessions(settings)


@sessions_app.command()
def delete(context: typer.Context, session: Session) -> None:
    """Remove a session for good."""
    from hipcue.realtime.commands.sessions import remove

    remove(session, context.obj)


@sessions_app.command(name="anonymise")
def anonymise_(
    context: typer.Context,
    session: Session,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="New folder for a nameless copy; the session stays as it is."),
    ] = None,
) -> None:
    """Take name, notes and film out of a session, for good; with --out out of a copy."""
    from hipcue.realtime.commands.sessions import strip_names

    strip_names(session, out, context.obj)


@app.command()
def export(
    session: Annotated[str | None, typer.Argument(help="Session folder, or its name.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="csv, json, parquet, trc, mot, fit or zip (to mail).")
    ] = "csv",
    every: Annotated[bool, typer.Option("--all", help="All kept sessions.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to.")] = None,
    config: Config = None,
) -> None:
    """Write a session, or all of them, for other programs."""
    from hipcue.realtime.commands.export import export_everything, export_one

    settings = settings_from(config, None)
    if every:
        export_everything(form, out or Path("hipcue-export"), settings)
    elif session is not None:
        export_one(session, form, out, settings)
    else:
        raise UserError("nothing to export", "no session given", "hipcue export SESSION")


models_app = typer.Typer(help="Which pose models are here; get the one that is missing.")
app.add_typer(models_app, name="models")


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, config: Config = None, set_: Set = None) -> None:
    """Which pose models are here, from where, and which one is used."""
    from hipcue.realtime.commands.models import list_models

    context.obj = settings_from(config, set_)
    if context.invoked_subcommand is None:
        list_models(context.obj)


@models_app.command()
def fetch(context: typer.Context) -> None:
    """Get the pose model once from its publisher, with pip, and keep it."""
    from hipcue.realtime.commands.models import fetch as fetch_the_model

    fetch_the_model(context.obj)


@simulate_app.callback()
def simulate() -> None:
    """Pretend to be a device."""


@simulate_app.command()
def treadmill(
    protocol: Annotated[str, typer.Option(help="csafe, trackmaster, lifespan, ...")] = "csafe",
    speed: Annotated[float, typer.Option(help="Belt speed, m/s.", min=0.0, max=15.0)] = 3.0,
    profile: Annotated[
        Path | None, typer.Option(help="CSV of t_s and speed_mps to follow.")
    ] = None,
    faults: Annotated[str, typer.Option(help="e.g. noise=0.001,drop=0.01,split,stall=2s")] = "",
    link: Annotated[
        Path | None, typer.Option(help="Name for the port that stays the same.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="End after this time.")] = None,
) -> None:
    """Offer a port on which a simulated treadmill answers."""
    from hipcue.realtime.commands.simulate import simulate_treadmill

    simulate_treadmill(protocol, speed, profile=profile, faults=faults, link=link, seconds=seconds)


if __name__ == "__main__":
    main()
