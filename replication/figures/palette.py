"""The colours of figures, but for those of methods, which stand in their files; the first eight: Okabe and Ito 2008.

They are told apart with every common form of colour blindness.
"""

BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"

#: Beside these: a dark blue, and the dark end of vermillion.
INDIGO, BROWN = "#332288", "#7A2E00"

#: Text and lines; text on a pale ground, which stays dark where a page is dark; what data are drawn in.
INK, MUTED, ON_PALE, SLATE = "#1f2328", "#656d76", "#20252b", "#4c5663"

#: Behind what is meant: marks and text that are not looked at first; the grid; the ground.
PALE, PALER, GRID, PAPER = "#c3cad2", "#b3bac2", "#e4e7eb", "#ffffff"

#: For lines and bars that stand for no method: slate, bronze, pale teal, plum, sand. They differ in lightness too.
NEUTRAL = ("#2f4858", "#94703f", "#7fa8a8", "#6d5a7b", "#b9a98a")
