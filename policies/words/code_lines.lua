-- Three lines that begin as code does in the languages of most work. Prose
-- that speaks of code has one such line now and then, a file has dozens.
return Word "code_lines" (regex {
  [[(?m)^[ \t]*(?:def|class|async def) \w+.*:[ \t]*$]],
  [[(?m)^[ \t]*(?:from [\w.]+ import \w|import [\w.{*]+[^.!?]*$)]],
  [[(?m)^[ \t]*#(?:include|define|ifdef|ifndef|pragma) \S]],
  [=[(?m)^[ \t]*(?:public|private|protected|static|export|async) [\w<>\[\], ]+[({=]]=],
  [[(?m)^[ \t]*(?:function|func|fn) [\w.:]*[ \t]*\(.*$]],
  [[(?m)^[ \t]*(?:const|let|var|local) [\w{}, ]+[ \t]*:?=.*$]],
  [[(?m)^[ \t]*(?:return|throw|raise) [^.]*;[ \t]*$]],
  [[(?m)^[ \t]*(?:if|for|while|switch) ?\(.*\) ?\{[ \t]*$]],
  [[(?m)^[ \t]*\w[\w.>-]*\([^()]*\);[ \t]*$]],
  [[(?m)^[ \t]*(?:int|char|void|bool|double|float|size_t|auto|String) \*?\w+.*[;{][ \t]*$]],
  [[(?mi)^[ \t]*(?:select .+ from|insert into|create table|update \w+ set) .*]],
  name = "code_lines", min_count = 3,
})
