"""How does a saved web page become an article?

    reader        all that follows, in turn
      exports     whether it holds several, each then a page of its own
      blocks      the lines that the page shows, and the boxes that they stand in
        lines     how one reads: as a sentence, as links
      metadata    what the page declares of itself: date, publication, address
      title       its title, of the several that it gives
      names       what a box says of itself, by its element and tables/page-boxes.txt
      roles       what it is to the article: menu, comments, hidden
      marks       which lines trafilatura takes for the main text
      text        these, and those that belong to them: the article
        surplus   but for what is not of it
        credits   and for what signs and dates it

Every line of the page is in one zone of the article: what is not its text is its boilerplate. Boxes are told
by their elements, their names, their links and how they are built; no site is known by its name.
"""
