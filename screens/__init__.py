'''What people see and touch (Kivy). Holds no rule of its own: asks `kiosk` for everything.

A screen is a class of sixteen lines; its step's value is its id, its file and its entry in
`screens/registry.py`:

    class ServiceScreen(Screen):
        """What the service is, what one needs, and one obvious next step."""

        step = Step.SERVICE

        def state(self, visit: Visit) -> object:            # made anew when this changes
            return visit.service

        def content(self, visit: Visit) -> list[Widget]:    # the column, top to bottom
            view = visit.service
            return [self.title(view.row.name), self.lead(view.row.summary)]

        def actions(self, visit: Visit) -> list[Widget]:    # stay in view, the next step last
            return [Button(self.look, self.say("Start"), "service.begin", visit.begin)]

Also there: `hero` (on the blue ground), `dock` (a keyboard above the bottom bar; hides actions),
`update` (change in place and return True, for live pictures and typing), `frame(passed)` (each
frame; any Block has it), `leave` (forget; call super). Header, Back, Quit, progress, the visit's
fault and the bottom bar come by themselves. `self.front.open_help()` and `.ask_quit()` open sheets.

Widgets take `self.look` first: `look.mm(GAP_M)` pixels of a measure, `look.text(BODY)` of a text,
`look.theme.ink` a colour, `look.words("…")` a sentence. They are `Block`s: `height_for(width)`,
`natural_width()`, `place(x, y, w, h)`, `arrange()`; laid out at once, no triggers. Containers:
Column, Row, Grid, Centred, Spacer (arrange.py), Scroll. Words: Text. Press: Button, IconButton,
Chip, Card, ListCard, DoorCard; TextLine (an input line with caret, `write(text, composing)`).
Also Notice, Badge, Icon, Tile, Ring, and shapes (`filled`, `outlined`, `shadowed`) for own drawing.
A widget drawn in one piece (a keyboard) names its keys by `parts()`. Own pressables subclass
`Pressable` and draw in `paint(pressed)`; set `touch.ud["keeps_drag"] = True` in `on_touch_down`
where dragging is drawing (a signature pad), so that no Scroll takes it.
'''
