"""A channel whose texts are unveiled as they leave: links and codes are whole there and nowhere else."""

from dataclasses import replace

from notifications.channels.channel import Capabilities, Channel, Found, Inquiry, Outcome, Parcel
from notifications.veil import Veil


class Unveiled:
    """Hands texts to `channel` with the secrets that `veil` makes of the names in them."""

    def __init__(self, channel: Channel, veil: Veil) -> None:
        self._channel = channel
        self._veil = veil

    @property
    def name(self) -> str:
        """The name by which the settings choose the channel."""
        return self._channel.name

    @property
    def capabilities(self) -> Capabilities:
        """What the channel can do."""
        return self._channel.capabilities

    def hand(self, parcel: Parcel) -> Outcome:
        """Hands the text over as its recipient shall read it."""
        return self._channel.hand(replace(parcel, text=self._veil.lift(parcel.text)))

    def look_up(self, inquiry: Inquiry) -> Found:
        """Asks for the text as it was handed over."""
        return self._channel.look_up(replace(inquiry, text=self._veil.lift(inquiry.text)))

    def forget(self, provider_id: str) -> bool:
        """Has the channel erase the words of one text."""
        return self._channel.forget(provider_id)

    def close(self) -> None:
        """Lets go of connections."""
        self._channel.close()
