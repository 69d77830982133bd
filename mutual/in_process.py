"""Runs the actions in the server's own process, instead of calling an action server over HTTP."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

logger = logging.getLogger(__name__)

TROUBLE = "utter_notice_trouble"
"""The static safety text that is said when something failed."""


class InProcessActions(EndpointConfig):  # type: ignore[misc]  # Rasa is untyped to mypy
    """An action endpoint that calls the SDK's executor; Rasa's RemoteAction only uses `request`."""

    def __init__(self, package: str = "actions") -> None:
        """Registers the actions of a package.

        Args:
            package: Importable package that holds them.
        """
        super().__init__(enable_selective_domain=True)
        # The SDK announces each registration at INFO.
        logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> dict[str, Any]:
        """Runs one action.

        This is the error boundary for actions: Rasa would drop the reply of one that raises and the person would hear
        nothing, so the static safety text is said instead. The error is logged by its type alone; its message may hold
        what somebody wrote.

        Args:
            method: Ignored; part of the interface.
            subpath: Ignored; part of the interface.
            **kwargs: `json` holds the action call.

        Returns:
            The action's events and responses.
        """
        call = kwargs["json"]
        try:
            result = await self._executor.run(call)
            _format().validate(result or {})
        except Exception as error:  # noqa: BLE001  # the boundary described above, tested in tests/unit
            logger.error("Action %s failed with %s.", call.get("next_action"), type(error).__name__)
            return {"events": [], "responses": [{"response": TROUBLE}]}
        return dict(result or {"events": [], "responses": [{"response": TROUBLE}]})


@lru_cache(maxsize=1)
def _format() -> Validator:
    """Rasa's format of an action's result, checked and compiled once."""
    schema = RemoteAction.action_response_format_spec()
    validator: Validator = validator_for(schema)(schema)
    return validator


_rasas_check = RemoteAction._validate_action_result


def _check(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Leaves out Rasa's check of a result that `request` has checked already.

    Rasa compiles the format anew for each result, which took more than half of the time of a reply (20 ms of 35 ms).
    """
    return isinstance(action.action_endpoint, InProcessActions) or bool(_rasas_check(action, result))


RemoteAction._validate_action_result = _check
