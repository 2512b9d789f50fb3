"""What shows a notebook: whether it takes answers, and how something gets there."""

from __future__ import annotations

import sys
from typing import Any

from proverka.model import JSON

WIDGET_TYPE = "application/vnd.jupyter.widget-view+json"


def is_live() -> bool:
    """Whether somebody sits before a notebook and can answer.

    What runs notebooks unattended (nbclient, and with it nbconvert, MyST-NB, papermill) says with each
    cell that nobody can be asked for input. It must get no widget: it would keep the widget’s state,
    and a published page would load a widget manager from elsewhere instead of showing the form.
    """
    shell = _shell()
    if getattr(shell, "kernel", None) is None:
        return False  # a terminal, or no IPython
    # Kernels that do not tell what they were asked with run in browsers, and there somebody sits.
    request = shell.get_parent() if hasattr(shell, "get_parent") else None
    content = request.get("content") if isinstance(request, dict) else None
    return not isinstance(content, dict) or content.get("allow_stdin", True) is not False


def publish(bundle: dict[str, JSON], *, name: str | None = None, again: bool = False) -> None:
    """Show a bundle of MIME types in the notebook; its plain text where there is none.

    :param name: Under which the output can be changed later.
    :param again: Change the outputs of that name instead of adding one.
    """
    if _shell() is None:
        sys.stdout.write(f"{bundle['text/plain']}\n")
        return
    from IPython.display import display

    named: dict[str, Any] = {"display_id": name, "update": again} if name else {}
    display(bundle, raw=True, **named)  # type: ignore[no-untyped-call]  # IPython does not say


def _shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()
