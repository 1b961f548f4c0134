using System.Text.Json;

namespace SaeNotebooks.Kernel.Tests.Wire;

[Collection(nameof(SharedKernel))]
public sealed class DirectiveTests(SharedKernel kernel)
{
    private KernelClient Client => kernel.Client;

    [Theory]
    [InlineData("30", "n + 1", "31")]
    [InlineData("2.5", "n * 2", "5")]
    [InlineData("true", "!n", "False")]
    [InlineData("\"two words\"", "n", "two words")]
    [InlineData("text", "n.Length", "4")]
    [InlineData(@"\\server\a\b\c\d\e\f\g\h\i\j\k\l\m", "n.Count(c => c == '\\\\')", "15")]
    [InlineData("@csharp:other", "n + 1", "8")]
    public void Set_declares_a_variable_of_the_type_that_its_value_looks_like(string value, string use, string shown)
    {
        Client.Run("var other = 7;");
        Assert.Equal("ok", Client.Run($"#!set --name n --value {value}\n#!time\nvar m = 1;").Status);
        Assert.Equal(shown, Client.Run(use).Result);
    }

    [Fact]
    public void Time_says_how_long_the_cell_took()
    {
        var cell = Client.Run("#!time\nvar timed = 5;\ntimed");
        Assert.Matches(@"^Wall time: [\d.]+ ms$", cell.Of("display_data").Single().Data.GetProperty("text/plain").GetString());
        Assert.Equal("5", cell.Result);
    }

    [Fact]
    public void A_directive_keeps_the_lines_of_the_rest()
    {
        var cell = Client.Run("#!csharp\n#!time\nvar bad = missing;");
        Assert.StartsWith($"cell {cell.Count} 3:11  CS0103", cell.Trace);
    }

    [Fact]
    public void A_notebook_is_imported_cell_by_cell()
    {
        Write("lib.ipynb", JsonSerializer.Serialize(new
        {
            cells = new object[]
            {
                new { cell_type = "markdown", source = "# Title", metadata = new { } },
                new { cell_type = "code", source = new[] { "var fromNotebook = 1;\n", "fromNotebook + 1" }, metadata = new { } },
                new { cell_type = "code", source = "int Doubled(int n) => 2 * n;", metadata = new { polyglot_notebook = new { kernelName = "csharp" } } },
            },
        }));
        var cell = Client.Run("var before = 1;\n#!import lib.ipynb\nDoubled(before + fromNotebook)");
        Assert.Equal("4", cell.Result);
        Assert.Equal("2", cell.Of("display_data").Single().Data.GetProperty("text/plain").GetString());
    }

    [Fact]
    public void Errors_of_an_imported_notebook_name_it()
    {
        Write("bad.dib", "#!markdown\n# Title\n\n#!csharp\n\nvar x = 1;\n\n#!csharp\n\nthrow new FormatException(\"inside\");\n");
        Assert.Contains("at bad.dib, cell 3, line 1", Client.Run("#!import \"bad.dib\"").Trace);
        Write("other.dib", "#!fsharp\nlet x = 1\n");
        Assert.Contains("its cell 1 is in fsharp", Client.Run("#!import other.dib").Trace);
    }

    [Fact]
    public void Scripts_are_imported_and_loaded()
    {
        Write("script.csx", "var fromScript = 5;\nint Plus(int n) => n + fromScript;");
        Assert.Equal("6", Client.Run("#!import script.csx\nPlus(1)").Result);
        Write("loaded.csx", "int Minus(int n) => n - 1;");
        Assert.Equal("0", Client.Run("#load \"loaded.csx\"\nMinus(1)").Result);
        Write("Program.cs", "using System;\nnamespace Shapes;\npublic record Circle(double R) { public double Area => Math.PI * R * R; }");
        Assert.Equal("3", Client.Run("#!import Program.cs\nMath.Round(new Shapes.Circle(1).Area)").Result);
    }

    [Fact]
    public void Imports_in_a_circle_and_missing_files_are_said()
    {
        Write("round.csx", "#!import round.csx\n");
        Assert.Contains("imports itself", Client.Run("#!import round.csx").Trace);
        Assert.Contains("There is no file", Assert.Single(Client.Run("#!import absent.ipynb").Trace.Split('\n')));
    }

    [Theory]
    [InlineData("#!bash\nls", "#!bash")]
    [InlineData("#!set --nam x", "#!set --name variable --value value")]
    [InlineData("#!set --name 1x --value 2", "#!set --name variable --value value")]
    [InlineData("#r \"nuget: \"", "does not name a package")]
    [InlineData("#i \"\"", "#i")]
    public void What_is_not_understood_is_said_in_one_line(string code, string part) =>
        Assert.Contains(part, Assert.Single(Client.Run(code).Trace.Split('\n')));

    [Fact]
    public void Two_copies_of_an_assembly_are_a_conflict_that_is_explained()
    {
        var (first, second) = (Path.Combine(kernel.Process.Folder, "a"), Path.Combine(kernel.Process.Folder, "b"));
        foreach (var (folder, version) in new[] { (first, "1.0.0.0"), (second, "2.0.0.0") }) TestAssembly.Write(folder, "Conflicted", version);
        Assert.Equal("1.0.0.0", Client.Run("#r \"a/Conflicted.dll\"\ntypeof(Conflicted.Marker).Assembly.GetName().Version.ToString()").Result);
        var line = Assert.Single(Client.Run("#r \"b/Conflicted.dll\"\n1").Trace.Split('\n'));
        Assert.Contains("Conflicted 2.0.0.0", line);
        Assert.Contains("restart the kernel", line);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(kernel.Process.Folder, name), text);
}
